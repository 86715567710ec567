'use client';

import { event, startReporting } from '@successeve/next/client';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';

const saveFilter = (): void => event('filter_saved', { params: { filter: 'overdue' } });

/** What a test does by itself: with the router, and an event of the browser's. */
export function Controls(): ReactNode {
  const router = useRouter();
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    Object.assign(window, { router, startReporting });
    setReady(true);
  }, [router]);
  if (!isReady) return null;
  return (
    <>
      <p>hydrated</p>
      <button type="button" onClick={saveFilter}>
        save filter
      </button>
    </>
  );
}
