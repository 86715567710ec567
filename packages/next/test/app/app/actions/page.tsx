import { track } from '@successeve/next';
import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';

async function act(): Promise<void> {
  'use server';
  await Promise.resolve();
  track().event('tracked_in_action');
  revalidatePath('/actions');
}

async function actAndRedirect(): Promise<void> {
  'use server';
  redirect('/dynamic/1');
}

export default function Actions(): ReactNode {
  return (
    <>
      <h1>actions</h1>
      <form action={act}>
        <button type="submit">act</button>
      </form>
      <form action={actAndRedirect}>
        <button type="submit">act and redirect</button>
      </form>
    </>
  );
}
