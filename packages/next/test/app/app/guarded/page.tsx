'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect } from 'react';

/** Sends everybody on, inside the browser. */
export default function Guarded(): ReactNode {
  const router = useRouter();
  useEffect(() => router.replace('/dynamic/3'), [router]);
  return <h1>guarded</h1>;
}
