import {
  createTracker,
  type Queue,
  type SendResult,
  type Tracker,
  type TrackerOptions,
  TrackingError,
} from '@successeve/core';
import type { QueueHost } from '@successeve/core/queue';
import { testHost } from '@successeve/testing/queue-contract';
import { expect, onTestFinished } from 'vitest';
import { type SqliteQueueOptions, sqliteQueue } from '../src/index.js';
import { withFile } from './queue-file.js';

const unavailable: SendResult = { status: 'unavailable', error: new TrackingError('unavailable', 'away') };

export function track(queue: SqliteQueueOptions, options: TrackerOptions = {}): Tracker {
  const tracker = createTracker({
    queue: sqliteQueue({ leaseMs: 300, ...queue }),
    transport: { send: async () => unavailable },
    retry: { minDelayMs: 1, maxDelayMs: 20 },
    flushOnExit: false,
    onError() {},
    onDrop() {},
    ...options,
  });
  onTestFinished(async () => void (await tracker.close({ timeoutMs: 0 })));
  return tracker;
}

export const trackMany = (tracker: Tracker, count: number, from = 0): void => {
  for (let i = from; i < from + count; i++) tracker.event('tested', { contactUid: i });
};

export function expectBalance(tracker: Tracker): void {
  const { accepted, delivered, queued, inFlight, dropped } = tracker.stats();
  const { invalid, ...others } = dropped;
  const droppedInAll = Object.values(others).reduce((sum, count) => sum + count, 0);
  expect(delivered + queued + inFlight + droppedInAll).toBe(accepted);
}

export const count = (path: string, table = 'events'): number =>
  withFile(path, (db) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n));

/** Leaves events in a file, as a process that ended before it could send them. */
export async function leaveEvents(path: string, count: number): Promise<void> {
  const tracker = track({ path });
  trackMany(tracker, count);
  await tracker.close({ timeoutMs: 0 });
}

/** Opens a queue without a tracker. */
export function openQueue(options: SqliteQueueOptions, host: QueueHost = testHost()): Queue {
  const queue = sqliteQueue(options);
  onTestFinished(() => void queue.close());
  queue.open?.(host);
  return queue;
}
