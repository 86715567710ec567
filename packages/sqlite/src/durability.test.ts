import { existsSync, statSync } from 'node:fs';
import { TrackingError } from '@successeve/core';
import { scale } from '@successeve/test-scale';
import { startFakeApi } from '@successeve/testing';
import { eventMaker, testHost } from '@successeve/testing/queue-contract';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { countHeld, newPath, withFile } from '../test/queue-file.js';
import { count, expectBalance, leaveEvents, openQueue, track, trackMany } from '../test/tracking.js';
import { sqliteQueue } from './index.js';

describe('an event that the API rejects', () => {
  it('is kept in a table of its own, with the answer, and no longer waits', async () => {
    const path = newPath();
    const tracker = track(
      { path },
      {
        transport: {
          send: async ([event]) =>
            event?.body.includes('"bad"')
              ? {
                  status: 'rejected',
                  error: new TrackingError('rejected', 'the API answered 422', {
                    status: 422,
                    body: 'why not',
                  }),
                }
              : { status: 'delivered' },
        },
      },
    );
    tracker.event('tested', { contactUid: 'good' });
    tracker.event('tested', { contactUid: 'bad' });
    await tracker.flush();
    await tracker.persisted();
    await expect.poll(() => count(path)).toBe(0);
    const [row] = withFile(path, (db) => db.prepare('SELECT * FROM rejected').all());
    expect(row).toMatchObject({ lane: 0, status: 422, reason: 'the API answered 422', answer: 'why not' });
    expect(Math.abs(Date.now() - Number(row?.rejected_at))).toBeLessThan(10_000);
    expect(String(row?.body)).toContain('"bad"');
    expect(tracker.stats().dropped.rejected).toBe(1);
  });
});

describe('many events over an outage and a restart', () => {
  const count = scale(30_000, 100_000);
  it('are all delivered after it, once, and the file shrinks', { timeout: 120_000 }, async () => {
    const path = newPath();
    const api = await startFakeApi();
    onTestFinished(() => api.close());
    const http = { transport: undefined, apiUrl: api.url, apiToken: api.token, batch: true };
    api.reply(() => 503);
    const before = track({ path }, http);
    trackMany(before, count);
    expectBalance(before);
    await before.persisted();
    expect(await before.close({ timeoutMs: 0 })).toEqual({ delivered: 0, pending: count });
    expectBalance(before);
    // A request that was cut off may still be on its way; it should not meet an API that is well again.
    await expect.poll(() => api.sockets.open).toBe(0);
    const fullSize = statSync(path).size;
    expect(fullSize).toBeGreaterThan(count * 40);

    api.reply([]);
    const after = track({ path }, http);
    await api.waitForEvents(count, { timeoutMs: 80_000 });
    expect(new Set(api.events.map(({ contact_uid }) => contact_uid)).size).toBe(count);
    expect(api.events).toHaveLength(count);
    await vi.waitFor(() => expect(after.stats()).toMatchObject({ accepted: count, delivered: count }), {
      timeout: 10_000,
    });
    expectBalance(after);
    await vi.waitFor(() => expect(statSync(path).size).toBeLessThan(fullSize / 10), { timeout: 20_000 });
    expect(await after.close()).toEqual({ delivered: 0, pending: 0 });
    await expect.poll(() => existsSync(`${path}-wal`)).toBe(false);
  });
});

describe('a long queue', () => {
  it('costs memory for what comes next and what is being sent, not for what was', async () => {
    const path = newPath();
    await leaveEvents(path, 5000);
    const queue = openQueue({ path });
    await expect.poll(() => queue.length).toBeGreaterThan(0);
    const refs: WeakRef<object>[] = [];
    const send = (count: number): void => {
      const events = queue.lease(count);
      refs.push(...events.map((event) => new WeakRef(event)));
      queue.settle(events);
    };
    while (refs.length < 4000) send(100);
    expect(await countHeld(refs)).toBeLessThan(500);
    expect(queue.length).toBeLessThan(1000);
  });
});

describe('a queue', () => {
  it('belongs to one tracker: a second one gets an error, and takes no place of the first one’s events', async () => {
    const path = newPath();
    const queue = sqliteQueue({ path });
    queue.open?.(testHost());
    const [ours, theirs] = [eventMaker(), eventMaker()];
    const event = ours();
    queue.push(event);
    expect(() => queue.open?.(testHost())).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: expect.stringMatching(/another tracker.*its own sqliteQueue\(\).*same file/),
      }),
    );
    const late = theirs();
    expect(queue.push(late)).toEqual([late]);
    expect(queue.lease(2)).toEqual([event]);
    queue.settle([event]);
    queue.close();
    expect(() => queue.open?.(testHost())).toThrow(expect.objectContaining({ code: 'invalid_options' }));
  });
});
