import type { ServerResponse } from 'node:http';
import type { Tracker } from '@successeve/core';

type WaitUntil = (promise: Promise<unknown>) => void;

/** Where platforms that freeze a process after its response offer to wait: Next's own name for it, and Vercel's. */
const contextKeys = [Symbol.for('@next/request-context'), Symbol.for('@vercel/request-context')] as const;

type Platform = {
  [key in (typeof contextKeys)[number]]?: { get?: () => { waitUntil?: WaitUntil } | undefined };
};

/** Lets the platform wait for the delivery of what a request tracks, where there is a platform that can. */
export function keepAlive(res: ServerResponse, tracker: Tracker): void {
  const waitUntil = platformWaitUntil();
  if (!waitUntil) return;
  waitUntil(new Promise((resolve) => res.once('close', () => resolve(tracker.flush()))));
}

function platformWaitUntil(): WaitUntil | undefined {
  for (const key of contextKeys) {
    const waitUntil = (globalThis as Platform)[key]?.get?.()?.waitUntil;
    if (waitUntil) return waitUntil;
  }
  return undefined;
}
