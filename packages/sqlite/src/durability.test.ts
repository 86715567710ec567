import { execFileSync, spawnSync } from 'node:child_process';
import fs, { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import {
  createTracker,
  type SendResult,
  type Tracker,
  type TrackerOptions,
  TrackingError,
} from '@successeve/core';
import { scale } from '@successeve/test-scale';
import { startFakeApi } from '@successeve/testing';
import { eventMaker, testHost } from '@successeve/testing/queue-contract';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { countHeld, newPath, withFile, withFileLocked } from '../test/queue-file.js';
import { type SqliteQueueOptions, sqliteQueue } from './index.js';

const unavailable: SendResult = { status: 'unavailable', error: new TrackingError('unavailable', 'away') };

function track(queue: SqliteQueueOptions, options: TrackerOptions = {}): Tracker {
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

const trackMany = (tracker: Tracker, count: number, from = 0): void => {
  for (let i = from; i < from + count; i++) tracker.event('tested', { contactUid: i });
};

function expectBalance(tracker: Tracker): void {
  const { accepted, delivered, queued, inFlight, dropped } = tracker.stats();
  const { invalid, ...others } = dropped;
  const droppedInAll = Object.values(others).reduce((sum, count) => sum + count, 0);
  expect(delivered + queued + inFlight + droppedInAll).toBe(accepted);
}

const count = (path: string, table = 'events'): number =>
  withFile(path, (db) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n));

describe('the file', () => {
  it('can be read by its owner only, and so can its -wal and -shm', async () => {
    const path = newPath();
    const tracker = track({ path });
    trackMany(tracker, 10);
    await tracker.persisted();
    for (const file of [path, `${path}-wal`, `${path}-shm`]) {
      expect((statSync(file).mode & 0o777).toString(8), file).toBe('600');
    }
  });

  it('that others could read is closed to them', () => {
    const path = newPath();
    writeFileSync(path, '');
    chmodSync(path, 0o644);
    track({ path });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('takes its WAL in every few megabytes, also where events come and go one at a time', {
    timeout: 60_000,
  }, async () => {
    const path = newPath();
    const queue = sqliteQueue({ path });
    onTestFinished(() => void queue.close());
    queue.open?.(testHost());
    const make = eventMaker();
    const sizeAtFirst = statSync(path).size;
    // Each leaves about 20 KB in the WAL, since that is made of whole pages.
    for (let i = 0; i < 500; i++) {
      queue.push(make());
      await queue.persisted?.();
      queue.settle(queue.lease(1));
    }
    await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(sizeAtFirst), { timeout: 5000 });
  });

  it('holds no token', async () => {
    const path = newPath();
    const api = await startFakeApi();
    onTestFinished(() => api.close());
    const tracker = track({ path }, { transport: undefined, apiUrl: api.url, apiToken: api.token });
    api.reply(() => ({ status: 422, body: `no, ${api.token}` }));
    trackMany(tracker, 1);
    await vi.waitFor(() => expect(tracker.stats().dropped.rejected + tracker.stats().queued).toBe(1));
    await tracker.persisted();
    const files = [path, `${path}-wal`].filter(existsSync);
    expect(execFileSync('cat', files).includes(api.token)).toBe(false);
  });

  it('of an earlier version is brought up to date, with what waits in it', async () => {
    const path = newPath();
    const before = track({ path });
    trackMany(before, 3);
    await before.close({ timeoutMs: 0 });
    withFile(path, (db) => db.exec('DROP TABLE digests; PRAGMA user_version = 1'));
    const tracker = track({ path });
    tracker.contact('ada', { plan: 'pro' });
    await tracker.persisted();
    expect(count(path)).toBe(4);
    expect(count(path, 'digests')).toBe(1);
  });

  it('of a later version with the same tables is used', async () => {
    const path = newPath();
    track({ path });
    withFile(path, (db) => db.exec('PRAGMA user_version = 3; ALTER TABLE shares ADD COLUMN later TEXT'));
    const tracker = track({ path });
    trackMany(tracker, 1);
    await tracker.persisted();
    expect(count(path)).toBe(1);
    expect(withFile(path, (db) => db.prepare('PRAGMA user_version').get())).toEqual({ user_version: 3 });
  });

  it('of a version that this code cannot use is an error at creation, and reported while running', async () => {
    const path = newPath();
    const onError = vi.fn();
    const tracker = track({ path }, { onError });
    withFile(path, (db) => db.exec('PRAGMA user_version = 100'));
    expect(() => sqliteQueue({ path })).toThrow(
      /schema version below 100, got .*queue\.db \(version 100: update/,
    );
    await vi.waitFor(() =>
      expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'queue_failed' })),
    );
    expectBalance(tracker);
  });

  it.each([
    ['a folder that is not there', (path: string) => join(path, 'queue.db'), 'ENOENT'],
    ['a folder', (path: string) => dirname(path), 'cannot be opened'],
    [
      'something else',
      (path: string) => {
        writeFileSync(path, 'not a database, although the name says so. '.repeat(100));
        return path;
      },
      'another kind of file',
    ],
    [
      'a database of another program',
      (path: string) => {
        withFile(path, (db) => db.exec('CREATE TABLE theirs (a)'));
        return path;
      },
      'another database',
    ],
  ])('at a path that is %s is an error that names the path', (_, makePath, why) => {
    const path = makePath(newPath());
    expect(() => sqliteQueue({ path })).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: expect.stringMatching(new RegExp(`^path: expected .*, got ${path} \\(.*${why}.*\\)$`)),
      }),
    );
  });

  it('of another program is left as it was', () => {
    const path = newPath();
    withFile(path, (db) => db.exec('CREATE TABLE theirs (a); PRAGMA user_version = 7'));
    chmodSync(path, 0o644);
    expect(() => sqliteQueue({ path })).toThrow(/another database/);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(withFile(path, (db) => db.prepare('PRAGMA journal_mode').get())).toEqual({
      journal_mode: 'delete',
    });
  });

  it.each([
    [{ path: '' }, 'path: expected the path of a file, got an empty string'],
    [
      { path: ':memory:' },
      'path: expected the path of a file other than ":memory:", got a string of 8 characters',
    ],
    [{}, 'path: expected the path of a file, got undefined'],
    [{ path: 'q', maxEvents: 0 }, 'maxEvents: expected a positive integer, got 0'],
    [{ path: 'q', maxBytes: 1.5 }, 'maxBytes: expected a positive integer, got 1.5'],
    [{ path: 'q', leaseMs: 10 }, 'leaseMs: expected an integer from 100 to 300000, got 10'],
  ])('is not created for the options %j', (options, message) => {
    expect(() => sqliteQueue(options as SqliteQueueOptions)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message }),
    );
  });

  it('needs a Node that has SQLite, and reports which one it found', () => {
    const index = fileURLToPath(new URL('../dist/index.mjs', import.meta.url));
    const script = `process.getBuiltinModule = () => undefined;
      try { (await import(${JSON.stringify(index)})).sqliteQueue({ path: 'never' }) }
      catch ({ code, message }) { console.log(code, message) }`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe(
      `invalid_options @successeve/sqlite: expected Node 22.13 or later, which has node:sqlite, got Node ${process.versions.node}`,
    );
  });
});

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
    await vi.waitFor(() => expect(count(path)).toBe(0));
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
    await vi.waitFor(() => expect(api.sockets.open).toBe(0));
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
    await vi.waitFor(() => expect(existsSync(`${path}-wal`)).toBe(false));
  });
});

describe('a long queue', () => {
  it('costs memory for what comes next and what is being sent, not for what was', async () => {
    const path = newPath();
    const gone = track({ path });
    trackMany(gone, 5000);
    await gone.close({ timeoutMs: 0 });
    const queue = sqliteQueue({ path });
    onTestFinished(() => void queue.close());
    queue.open?.(testHost());
    await vi.waitFor(() => expect(queue.length).toBeGreaterThan(0));
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

describe('a disk that fails', () => {
  it('leaves events in memory, is reported once, and gets them when it works again', {
    timeout: 20_000,
  }, async () => {
    const path = newPath();
    const onError = vi.fn();
    const tracker = track({ path }, { onError });
    trackMany(tracker, 10);
    await tracker.persisted();
    let isPersisted = false;
    // Nobody else ever holds the lock for so long: that is as good as a disk that does not write.
    await withFileLocked(path, async () => {
      trackMany(tracker, 500, 10);
      void tracker.persisted().then(() => {
        isPersisted = true;
      });
      await vi.waitFor(() => expect(queueErrors(onError)).toHaveLength(1), { timeout: 10_000 });
      expect(queueErrors(onError)[0]?.message).toMatch(/database is locked.*wait in memory/);
      expect(isPersisted).toBe(false);
      expectBalance(tracker);
      expect(tracker.stats()).toMatchObject({ accepted: 510 });
    });
    await vi.waitFor(() => expect(isPersisted).toBe(true));
    expect(count(path)).toBe(510);
    expect(queueErrors(onError)).toHaveLength(1);
  });

  it.runIf(process.platform === 'linux')(
    'because it is full still delivers, and takes events again when there is room',
    { timeout: 90_000 },
    () => {
      const app = fileURLToPath(new URL('../test/full-disk-app.mjs', import.meta.url));
      const { stdout, stderr } = spawnSync(process.execPath, [app], {
        env: { ...process.env, APP_FILE: newPath() },
        encoding: 'utf8',
        timeout: 80_000,
      });
      expect(JSON.parse(stdout.trim() || JSON.stringify(stderr))).toEqual({
        errors: ['queue_failed'],
        accepted: 20_000,
        waitedWhileFull: true,
        deliveredWhileFull: 20_000,
        isBalanced: true,
        onDiskAfter: 100,
      });
    },
  );

  it('is reported with its reason, also where Node’s errors are of another realm, as in Jest', async () => {
    const spy = vi.spyOn(fs, 'openSync').mockImplementation(() => {
      throw runInNewContext(`new Error('EIO: i/o error')`);
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      spy.mockRestore();
      syncBuiltinESMExports();
    });
    const onError = vi.fn();
    trackMany(track({ path: newPath() }, { onError }), 1);
    await vi.waitFor(() => expect(queueErrors(onError)).toHaveLength(1));
    expect(queueErrors(onError)[0]?.message).toContain('cannot be used (EIO: i/o error)');
  });

  it('costs no memory for events that are delivered, which leave the file when it works again', async () => {
    const path = newPath();
    const gone = track({ path });
    trackMany(gone, 3000);
    await gone.close({ timeoutMs: 0 });
    const queue = sqliteQueue({ path });
    onTestFinished(() => void queue.close());
    const host = testHost();
    queue.open?.(host);
    await vi.waitFor(() => expect(queue.length).toBeGreaterThan(0));
    withFile(path, (db) =>
      db.exec(`CREATE TRIGGER failing BEFORE DELETE ON events BEGIN SELECT raise(ABORT, 'no'); END`),
    );
    const refs: WeakRef<object>[] = [];
    for (;;) {
      const events = queue.lease(100);
      if (events.length === 0) break;
      refs.push(...events.map((event) => new WeakRef(event)));
      queue.settle(events);
    }
    expect(refs).toHaveLength(3000);
    expect(host.errors).toHaveLength(1);
    expect(await countHeld(refs)).toBe(0);
    expect(count(path)).toBe(3000);
    withFile(path, (db) => db.exec('DROP TRIGGER failing'));
    await vi.waitFor(() => expect(count(path)).toBe(0), { timeout: 5000 });
  });

  it('to read from sends nothing twice when it works again, and is reported once', async () => {
    const path = newPath();
    const gone = track({ path });
    trackMany(gone, 1000);
    await gone.close({ timeoutMs: 0 });
    const queue = sqliteQueue({ path });
    onTestFinished(() => void queue.close());
    const host = testHost();
    queue.open?.(host);
    await vi.waitFor(() => expect(queue.length).toBeGreaterThan(0));
    withFile(path, (db) => db.exec('ALTER TABLE events RENAME TO elsewhere'));
    const inFlight = queue.lease(300);
    expect(inFlight.length).toBeLessThan(300);
    expect(queue.lease(300)).toEqual([]);
    expect(host.errors).toHaveLength(1);
    withFile(path, (db) => db.exec('ALTER TABLE elsewhere RENAME TO events'));
    const sent = [...inFlight];
    await vi.waitFor(() => {
      sent.push(...queue.lease(300));
      expect(sent.length).toBeGreaterThanOrEqual(1000);
    });
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1000);
    expect(sent).toHaveLength(1000);
    queue.settle(sent);
    await vi.waitFor(() => expect(count(path)).toBe(0));
    expect(host.errors).toHaveLength(1);
  });

  it('to the end loses the events that it did not take, and reports them', { timeout: 20_000 }, async () => {
    const path = newPath();
    const onDrop = vi.fn();
    const tracker = track({ path }, { onDrop });
    trackMany(tracker, 5);
    await tracker.persisted();
    await withFileLocked(path, async () => {
      trackMany(tracker, 3, 5);
      expect(await tracker.close({ timeoutMs: 0 })).toEqual({ delivered: 0, pending: 8 });
      await tracker.persisted();
    });
    expect(onDrop.mock.calls.map(([event, reason]) => [event.contactUid, reason])).toEqual([
      ['5', 'closed'],
      ['6', 'closed'],
      ['7', 'closed'],
    ]);
    expectBalance(tracker);
    expect(count(path)).toBe(5);
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
    const gone = track({ path });
    trackMany(gone, 3000);
    await gone.close({ timeoutMs: 0 });
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
    await vi.waitFor(() =>
      expect(withFile(path, (db) => db.prepare('SELECT pid FROM shares').all())).toHaveLength(1),
    );
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
    const queue = sqliteQueue({ path });
    onTestFinished(() => void queue.close());
    queue.open?.(testHost());
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
    await vi.waitFor(() => expect(count(path)).toBe(30));
    expect(logs()).toEqual([]);
  });

  it('apply the delivery log of one that was killed, but no line that was cut off, and none of another', async () => {
    const path = newPath();
    const gone = track({ path });
    trackMany(gone, 5);
    await gone.close({ timeoutMs: 0 });
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
    await vi.waitFor(() => expect(sent).toHaveLength(3));
    expect(sent).toEqual(['0', '2', '4']);
    expectBalance(tracker);
    expect(existsSync(`${path}-answered-killed`)).toBe(false);
    await vi.waitFor(() =>
      expect(withFile(path, (db) => db.prepare('SELECT events, bytes FROM shares').all())).toEqual([
        { events: 0, bytes: 0 },
      ]),
    );
  });

  it('let a flush wait for what was tracked here only', async () => {
    const path = newPath();
    const gone = track({ path });
    trackMany(gone, 100);
    await gone.close({ timeoutMs: 0 });
    const tracker = track({ path });
    await vi.waitFor(() => expect(tracker.stats().accepted).toBe(100));
    expect(await tracker.flush({ timeoutMs: 5000 })).toEqual({ delivered: 0, pending: 0 });
    expectBalance(tracker);
  });
});

type OnError = ReturnType<typeof vi.fn>;
const queueErrors = ({ mock }: OnError): TrackingError[] =>
  mock.calls.map(([error]) => error).filter(({ code }) => code === 'queue_failed');
