import { afterEach, beforeEach, expect, vi } from 'vitest';
import { createTracker, type Tracker, type TrackerOptions } from '../src/index.js';
import type { QueuedEvent } from '../src/queue/queue.js';

const quiet = { debug() {}, warn() {}, error() {} };

/** Fakes timers and the clock in each test of a file. */
export function useFakeTime(): void {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}

/** Lets everything happen that needs no time. */
export function settle(): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(0);
}

export function track(options: TrackerOptions): Tracker {
  return createTracker({ logger: quiet, flushOnExit: false, ...options });
}

/** Tracks one event a name; `p…` are pageviews. */
export function trackAll(tracker: Tracker, ...names: string[]): void {
  for (const contactUid of names) {
    if (contactUid.startsWith('p')) tracker.pageview({ contactUid, visitUrl: 'https://example.com/' });
    else tracker.event('tested', { contactUid });
  }
}

/** The name that an event was tracked by. */
export function contactOf({ body }: QueuedEvent): string {
  return JSON.parse(body).contact_uid;
}

/** The names of the events in each request. */
export function contactsOf(calls: readonly (readonly [readonly QueuedEvent[], unknown])[]): string[][] {
  return calls.map(([events]) => events.map(contactOf));
}

/** Checks the account that must hold at every moment. */
export function expectBalance(tracker: Tracker): void {
  const { accepted, delivered, queued, inFlight, dropped } = tracker.stats();
  const { invalid, ...others } = dropped;
  const droppedInAll = Object.values(others).reduce((sum, count) => sum + count, 0);
  expect(delivered + queued + inFlight + droppedInAll).toBe(accepted);
}
