import type { ReactNode } from 'react';

export default function Cart(): ReactNode {
  return <h1>cart</h1>;
}
