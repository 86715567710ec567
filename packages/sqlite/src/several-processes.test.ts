import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TrackerOptions } from '@successeve/core';
import { eventMaker, testHost } from '@successeve/testing/queue-contract';
import { describe, expect, it, vi } from 'vitest';
import { newPath, withFile, withFileLocked } from '../test/queue-file.js';
import { count, expectBalance, leaveEvents, openQueue, track, trackMany } from '../test/tracking.js';
import { sqliteQueue } from './index.js';

describe('several queues on one file', () => {
  it('share its limit, and give each other nothing while they live', async () => {
    const path = newPath();
    const [a, b] = [track({ path, maxEvents: 100 }), track({ path, maxEvents: 100 })];
    trackMany(a, 60);
    await a.persisted();
    await new Promise((resolve) => setTimeout(resolve, 250));
    trackMany(b, 60, 60);
    expect(a.stats()).toMatchObject({ accepted: 60 });
    expect(b.stats()).toMatchObject({ accepted: 60, dropped: { queue_full: 20 } });
    for (const tracker of [a, b]) expectBalance(tracker);
  });

  it('take over the events that another left, each once', async () => {
    const path = newPath();
    await leaveEvents(path, 3000);
    const sent: string[] = [];
    const delivers: TrackerOptions = {
      transport: {
        async send(events) {
          sent.push(...events.map(({ body }) => JSON.parse(body).contact_uid));
          return { status: 'delivered' };
        },
      },
    };
    const both = [track({ path }, delivers), track({ path }, delivers)];
    await vi.waitFor(() => expect(sent).toHaveLength(3000), { timeout: 5000 });
    for (const tracker of both) expectBalance(tracker);
    expect(sent).toEqual(Array.from({ length: 3000 }, (_, i) => String(i)));
    expect(both.reduce((sum, tracker) => sum + tracker.stats().accepted, 0)).toBe(3000);
  });

  it('give up at the next lease the events that another took over while they were frozen', async () => {
    const path = newPath();
    const queue = sqliteQueue({ path, leaseMs: 100 });
    const host = testHost();
    queue.open?.(host);
    const make = eventMaker();
    const events = Array.from({ length: 10 }, () => make());
    for (const event of events) queue.push(event);
    await queue.persisted?.();
    await expect
      .poll(() => withFile(path, (db) => db.prepare('SELECT pid FROM shares').all()))
      .toHaveLength(1);
    host.accepted += 10;
    const inFlight = queue.lease(2);
    // Nothing else runs in this thread until then.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
    withFile(path, (db) =>
      db.exec(`UPDATE shares SET holder = 'another', leased_until = leased_until + 100000`),
    );
    expect(queue.lease(10)).toEqual([]);
    expect(host.accepted).toBe(2);
    queue.settle(inFlight.slice(0, 1));
    queue.release(inFlight.slice(1));
    expect(host.accepted).toBe(1);
    expect(queue.length).toBe(0);
    queue.push(make());
    expect(queue.close()).toEqual([]);
    expect(count(path)).toBe(11);
  });

  it('log deliveries next to the file while another keeps it locked, for the next process after a kill', async () => {
    const path = newPath();
    const queue = openQueue({ path });
    const make = eventMaker();
    for (let i = 0; i < 50; i++) queue.push(make());
    await queue.persisted?.();
    const logs = (): string[] => readdirSync(dirname(path)).filter((name) => name.includes('-answered-'));
    await withFileLocked(path, async () => {
      queue.settle(queue.lease(10));
      queue.settle(queue.lease(10));
      expect(logs()).toHaveLength(1);
      const log = join(dirname(path), logs()[0] as string);
      expect(statSync(log).mode & 0o777).toBe(0o600);
      expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(20);
    });
    await expect.poll(() => count(path)).toBe(30);
    expect(logs()).toEqual([]);
  });

  it('apply the delivery log of one that was killed, but no line that was cut off, and none of another', async () => {
    const path = newPath();
    await leaveEvents(path, 5);
    withFile(path, (db) => db.exec(`UPDATE shares SET holder = 'killed'`));
    writeFileSync(`${path}-answered-killed`, '\n1 0 2;\n1 0 4;\n1 0 5\n9 0 1;');
    writeFileSync(`${path}-answered-other`, '\n1 0 1;');
    const sent: string[] = [];
    const tracker = track(
      { path },
      {
        transport: {
          async send(events) {
            sent.push(...events.map(({ body }) => JSON.parse(body).contact_uid));
            return { status: 'delivered' };
          },
        },
      },
    );
    await expect.poll(() => sent).toHaveLength(3);
    expect(sent).toEqual(['0', '2', '4']);
    expectBalance(tracker);
    expect(existsSync(`${path}-answered-killed`)).toBe(false);
    await expect
      .poll(() => withFile(path, (db) => db.prepare('SELECT events, bytes FROM shares').all()))
      .toEqual([{ events: 0, bytes: 0 }]);
  });

  it('let a flush wait for what was tracked here only', async () => {
    const path = newPath();
    await leaveEvents(path, 100);
    const tracker = track({ path });
    await expect.poll(() => tracker.stats().accepted).toBe(100);
    expect(await tracker.flush({ timeoutMs: 5000 })).toEqual({ delivered: 0, pending: 0 });
    expectBalance(tracker);
  });
});
