import type { ReactNode } from 'react';

export default function Other(): ReactNode {
  return <h1>legacy other</h1>;
}
