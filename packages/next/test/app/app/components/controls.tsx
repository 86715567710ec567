'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';

/** What a test does with the router by itself. */
export function Controls(): ReactNode {
  const router = useRouter();
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    Object.assign(window, { router });
    setReady(true);
  }, [router]);
  return isReady && <p>hydrated</p>;
}
