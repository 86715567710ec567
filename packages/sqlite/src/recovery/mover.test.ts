import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { createTracker, type Queue, type TrackingError } from '@successeve/core';
import type { QueuedEvent } from '@successeve/core/queue';
import { eventMaker, testHost } from '@successeve/testing/queue-contract';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { newPath, withFile } from '../../test/queue-file.js';
import { type SqliteQueueOptions, sqliteQueue } from '../index.js';

function open(
  path: string,
  options: Partial<SqliteQueueOptions> = {},
): { queue: Queue; host: ReturnType<typeof testHost>; push(): QueuedEvent } {
  const queue = sqliteQueue({ path, leaseMs: 300, ...options });
  const host = testHost();
  const make = eventMaker();
  onTestFinished(() => void queue.close());
  queue.open?.(host);
  return {
    queue,
    host,
    push() {
      const event = make();
      host.accepted++;
      queue.push(event);
      return event;
    },
  };
}

const times = <Result>(count: number, make: () => Result): Result[] => Array.from({ length: count }, make);
const bodies = (events: readonly QueuedEvent[]): string[] => events.map(({ body }) => body);
const rows = (path: string): string[] =>
  withFile(path, (db) =>
    db
      .prepare('SELECT body FROM events ORDER BY share, id')
      .all()
      .map(({ body }) => String(body)),
  );

/** What the next process finds. */
async function reopen(path: string, count: number): Promise<string[]> {
  const { queue } = open(path);
  const found: QueuedEvent[] = [];
  await vi.waitFor(() => {
    found.push(...queue.lease(count + 1));
    expect(found.length).toBeGreaterThanOrEqual(count);
  }, 15_000);
  return bodies(found);
}

describe.runIf(process.platform !== 'win32')('a file that is deleted while it is in use', () => {
  it.each([
    ['with its -wal and -shm', ['', '-wal', '-shm']],
    ['alone', ['']],
  ])('%s, is replaced by one with all waiting events, which is reported once', async (_, suffixes) => {
    const path = newPath();
    const { queue, host, push } = open(path);
    const events = times(600, push);
    await queue.persisted?.();
    const inFlight = queue.lease(10);
    for (const suffix of suffixes) rmSync(`${path}${suffix}`);
    events.push(push());
    await queue.persisted?.();
    expect(rows(path)).toEqual(bodies(events));
    queue.settle(inFlight);
    events.push(push());
    await queue.persisted?.();
    expect(rows(path)).toEqual(bodies(events.slice(10)));
    expect(host.errors.map(({ code, message }) => [code, message])).toEqual([
      ['queue_failed', expect.stringMatching(/queue\.db was deleted or replaced .* moved to a new one$/)],
    ]);
    queue.close();
    expect(await reopen(path, 592)).toEqual(bodies(events.slice(10)));
  });

  it('is missed though nothing is tracked, and events that were delivered since are not in the new one', async () => {
    const path = newPath();
    const { queue, host, push } = open(path);
    const events = times(20, push);
    await queue.persisted?.();
    const inFlight = queue.lease(5);
    rmSync(path);
    queue.settle(inFlight);
    await expect.poll(() => host.errors).toHaveLength(1);
    await expect.poll(() => rows(path)).toEqual(bodies(events.slice(5)));
  });

  it('is replaced by one of the processes, and the others follow', async () => {
    const path = newPath();
    // On a busy machine, none takes the other for gone.
    const [a, b] = [open(path, { leaseMs: 6_000 }), open(path, { leaseMs: 6_000 })];
    const events = [...times(300, a.push), ...times(300, b.push)];
    await Promise.all([a.queue.persisted?.(), b.queue.persisted?.()]);
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`);
    await vi.waitFor(() => expect(rows(path)).toHaveLength(600), { timeout: 20_000 });
    expect(new Set(rows(path))).toEqual(new Set(bodies(events)));
    expect([a.host.errors.length, b.host.errors.length]).toEqual([1, 1]);
    expect([a.host.accepted, b.host.accepted]).toEqual([300, 300]);
  });

  it('just before the end is replaced at the end', async () => {
    const path = newPath();
    const { queue, push } = open(path);
    const events = times(20, push);
    await queue.persisted?.();
    rmSync(path);
    expect(queue.close()).toEqual([]);
    expect(await reopen(path, 20)).toEqual(bodies(events));
  });

  it('takes with it the events that cannot be read: they are reported, and no longer counted', async () => {
    const path = newPath();
    const { queue, host, push } = open(path);
    const events = times(1000, push);
    await queue.persisted?.();
    withFile(path, (db) => db.exec('DELETE FROM events WHERE id BETWEEN 501 AND 600'));
    rmSync(path);
    await expect.poll(() => host.errors).toHaveLength(1);
    expect(host.errors[0]?.message).toMatch(/all but 100 that cannot be read$/);
    expect(host.accepted).toBe(900);
    expect(queue.length).toBe(900);
    const left = [...events.slice(0, 500), ...events.slice(600)];
    expect(bodies(queue.lease(1000))).toEqual(bodies(left));
    expect(queue.length).toBe(0);
  });

  it('takes with it what another process left: what of that cannot be read makes room', async () => {
    const path = newPath();
    const gone = open(path);
    times(1000, gone.push);
    gone.queue.close();
    const { queue, host, push } = open(path, { maxEvents: 1000 });
    await expect.poll(() => queue.length).toBeGreaterThan(0);
    expect(queue.push(eventMaker()())).toHaveLength(1);
    withFile(path, (db) => db.exec('DELETE FROM events WHERE id BETWEEN 501 AND 600'));
    rmSync(path);
    await expect.poll(() => host.errors).toHaveLength(1);
    expect(host.errors[0]?.message).toMatch(/all but 100 that cannot be read$/);
    const events = times(100, push);
    await queue.persisted?.();
    expect(rows(path)).toHaveLength(1000);
    expect(rows(path)).toEqual(expect.arrayContaining(bodies(events)));
  });

  it('and cannot be replaced yet: events are in memory until then', async () => {
    const path = newPath();
    const { queue, host, push } = open(path);
    const events = times(10, push);
    await queue.persisted?.();
    const folder = dirname(path);
    renameSync(folder, `${folder}-elsewhere`);
    events.push(push());
    await expect.poll(() => host.errors).toHaveLength(1);
    expect(host.errors[0]?.message).toMatch(/cannot be used .*wait in memory/);
    renameSync(`${folder}-elsewhere`, folder);
    await queue.persisted?.();
    expect(rows(path)).toEqual(bodies(events));
    expect(host.errors).toHaveLength(1);
  });
});

describe.runIf(process.platform !== 'win32')('a file of which a page is damaged', () => {
  it('is set aside, which is reported once; readable events are sent, and none twice', async () => {
    const path = newPath();
    const gone = open(path);
    const events = times(3000, gone.push);
    gone.queue.close();
    damagePageOf(path, '"c1500"');
    const sent: string[] = [];
    const errors: TrackingError[] = [];
    const tracker = createTracker({
      queue: sqliteQueue({ path, leaseMs: 300 }),
      transport: {
        async send([event]) {
          sent.push(event?.body ?? '');
          return { status: 'delivered' };
        },
      },
      flushOnExit: false,
      onError: (error) => errors.push(error),
    });
    onTestFinished(async () => void (await tracker.close({ timeoutMs: 0 })));
    tracker.event('tested', { contactUid: 'new' });
    await vi.waitFor(() => expect(sent).toContain(events.at(-1)?.body), { timeout: 10_000 });
    const expected = bodies(events).filter((body) => sent.includes(body));
    const missing = events.length - expected.length;
    // Those of one page.
    expect(missing).toBeGreaterThan(0);
    expect(missing).toBeLessThan(100);
    expect(sent.filter((body) => !body.includes('"new"'))).toEqual(expected);
    const [aside] = readdirSync(dirname(path)).filter((name) => name.includes('-damaged-'));
    expect(errors.map(({ code }) => code)).toEqual(['queue_failed']);
    expect(errors[0]?.message).toContain(`${path} is damaged (database disk image is malformed)`);
    expect(errors[0]?.message).toContain(`sqlite3 '${dirname(path)}/${aside}' .recover`);
    expect(errors[0]?.message).toContain(`all but ${missing} that cannot be read`);
    await expect.poll(() => rows(path)).toEqual([]);
    const { accepted, delivered } = tracker.stats();
    expect([accepted, delivered]).toEqual([expected.length + 1, expected.length + 1]);
    expect(basename(aside ?? '')).toMatch(/^queue\.db-damaged-\d+$/);
    expect(existsSync(path)).toBe(true);
  });
});

/** Overwrites the page of a closed file in which a text is. */
function damagePageOf(path: string, text: string): void {
  const pageBytes = 4096;
  const page = Math.floor(readFileSync(path).indexOf(text) / pageBytes);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(pageBytes, 0xab), 0, pageBytes, page * pageBytes);
  closeSync(file);
}
