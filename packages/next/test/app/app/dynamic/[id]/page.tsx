import { track } from '@successeve/next';
import { headers } from 'next/headers';
import Link from 'next/link';
import type { ReactNode } from 'react';

export default async function Dynamic({ params }: { params: Promise<{ id: string }> }): Promise<ReactNode> {
  const { id } = await params;
  await headers();
  if (id === 'slow') await new Promise((resolve) => setTimeout(resolve, 3_000));
  if (id === 'event') track().event('tracked_in_component');
  return (
    <>
      <h1>dynamic {id}</h1>
      <Link href="/">hub</Link>
    </>
  );
}
