import { createTracker, type Tracker } from '@successeve/core';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import { eventMaker, testHost } from '@successeve/testing/queue-contract';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { newPath, withFile, withFileLocked } from '../../test/queue-file.js';
import { sqliteQueue } from '../index.js';

let api: FakeApi;
let path: string;

beforeEach(async () => {
  api = await startFakeApi();
  path = newPath();
});

afterEach(() => api.close());

/** A process that uses the file. */
function start(): Tracker {
  const tracker = createTracker({
    apiToken: api.token,
    apiUrl: api.url,
    queue: sqliteQueue({ path, leaseMs: 300 }),
    flushOnExit: false,
    onDrop() {},
  });
  onTestFinished(async () => void (await tracker.close({ timeoutMs: 0 })));
  return tracker;
}

const plans = (): unknown[] => api.contacts.map(({ params }) => params?.plan);

describe('an update of a contact', () => {
  it('is not sent again after a restart, until something changes', async () => {
    const first = start();
    first.contact('ada', { plan: 'free' });
    await first.close();
    const second = start();
    second.contact('ada', { plan: 'free' });
    expect(second.stats().updates.unchanged).toBe(1);
    second.contact('ada', { plan: 'pro' });
    second.contact('ada', { plan: 'pro' });
    await second.flush();
    expect(plans()).toEqual(['free', 'pro']);
  });

  it('is sent again after a restart where the API rejected it', async () => {
    api.reply([422]);
    const first = start();
    first.contact('ada', { plan: 'free' });
    await first.close();
    const second = start();
    second.contact('ada', { plan: 'free' });
    await second.flush();
    expect(plans()).toEqual(['free']);
  });

  it('by one process is known to the others, also when it was something else before', async () => {
    const [first, second] = [start(), start()];
    const send = async (tracker: Tracker, plan: string): Promise<void> => {
      tracker.contact('ada', { plan });
      await tracker.flush();
      await tracker.persisted();
    };
    await send(first, 'free');
    await send(second, 'free');
    await send(first, 'pro');
    await send(second, 'free');
    expect(plans()).toEqual(['free', 'pro', 'free']);
  });

  it('is known while the file cannot be written', async () => {
    const tracker = start();
    tracker.contact('ada', { plan: 'free' });
    await tracker.flush();
    await withFileLocked(path, async () => {
      for (const plan of ['pro', 'pro', 'free', 'free']) {
        tracker.contact('ada', { plan });
        await tracker.flush();
      }
    });
    expect(plans()).toEqual(['free', 'pro', 'free']);
  });
});

describe('digests', () => {
  it('reach the file with their update, and not before it', async () => {
    const queue = sqliteQueue({ path });
    onTestFinished(() => void queue.close());
    queue.open?.(testHost());
    const event = eventMaker();
    const inFile = (table: string): unknown =>
      withFile(path, (db) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    queue.digests?.set(1, 11);
    // More than one transaction writes, of which contacts are not in the first.
    for (let i = 0; i < 1500; i++) queue.push(event(i === 0 ? 'pageview' : 'event'));
    await expect.poll(() => inFile('events'), { interval: 0 }).not.toBe(0);
    expect(inFile('digests')).toBe(inFile('events') === 1500 ? 1 : 0);
    await queue.persisted?.();
    expect(inFile('digests')).toBe(1);
  });

  it('are kept of a hundred thousand at most, and of those that were of use last', {
    timeout: 30_000,
  }, async () => {
    const queue = sqliteQueue({ path });
    onTestFinished(() => void queue.close());
    queue.open?.(testHost());
    const setAll = async (from: number, to: number): Promise<void> => {
      for (let subject = from; subject < to; subject++) queue.digests?.set(subject, 7);
      await queue.persisted?.();
      await vi.waitFor(() => expect(known(from, to)).toBe(to - from), { timeout: 20_000 });
    };
    const known = (from: number, to: number): unknown =>
      withFile(
        path,
        (db) =>
          db.prepare('SELECT count(*) AS n FROM digests WHERE subject >= ? AND subject < ?').get(from, to)?.n,
      );
    await setAll(0, 100_000);
    withFile(path, (db) => db.exec('UPDATE digests SET used_on = used_on - 2'));
    // Asked for today, and so of use.
    for (let subject = 0; subject < 500; subject++) expect(queue.digests?.get(subject)).toBe(7);
    await setAll(200_000, 202_000);
    expect(known(0, 500)).toBe(500);
    expect(known(200_000, 202_000)).toBe(2000);
    expect(known(0, 202_000)).toBeLessThanOrEqual(101_000);
  });
});
