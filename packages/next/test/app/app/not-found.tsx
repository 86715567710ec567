import Link from 'next/link';
import type { ReactNode } from 'react';

export default function NotFound(): ReactNode {
  return (
    <>
      <h1>not found</h1>
      <Link href="/">hub</Link>
    </>
  );
}
