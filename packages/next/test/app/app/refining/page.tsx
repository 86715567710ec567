'use client';

import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useEffect } from 'react';

/** Writes its own URL anew as soon as it is there. */
export default function Refining(): ReactNode {
  const router = useRouter();
  const path = usePathname() ?? '/refining';
  useEffect(() => router.replace(path, { scroll: false }), [router, path]);
  return <h1>refining</h1>;
}
