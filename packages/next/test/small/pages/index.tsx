import Link from 'next/link';
import type { ReactNode } from 'react';

export default function Home(): ReactNode {
  return (
    <>
      <h1>home</h1>
      <Link href="/cart">cart</Link>
    </>
  );
}
