'use client';

import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useEffect } from 'react';

/** Replaces its own URL as soon as it is shown. */
export default function Refining(): ReactNode {
  const router = useRouter();
  const path = usePathname() ?? '/refining';
  useEffect(() => router.replace(path, { scroll: false }), [router, path]);
  return <h1>refining</h1>;
}
