import type { Tracker } from '@successeve/next';
import { connection } from 'next/server';

export async function GET(): Promise<Response> {
  await connection();
  const { tracker } = globalThis as unknown as { tracker: Tracker };
  return Response.json(tracker.stats());
}
