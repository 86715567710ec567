import Link from 'next/link';
import type { ReactNode } from 'react';

export default function Static(): ReactNode {
  return (
    <>
      <h1>legacy static</h1>
      <Link href="/legacy/other">legacy other</Link> <Link href="/legacy/built">legacy built</Link>{' '}
      <Link href="/legacy/server">legacy server</Link>{' '}
      <Link href="/legacy/redirecting">legacy redirecting</Link>{' '}
      <Link href="/legacy/guarded">legacy guarded</Link> <Link href="/static/b">static b</Link>
    </>
  );
}
