'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect } from 'react';

/** Sends everybody on, inside the browser, to a page that takes its time. */
export default function Guarded(): ReactNode {
  const router = useRouter();
  useEffect(() => router.replace('/dynamic/slow'), [router]);
  return <h1>guarded</h1>;
}
