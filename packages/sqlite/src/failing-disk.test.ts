import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import type { TrackingError } from '@successeve/core';
import { testHost } from '@successeve/testing/queue-contract';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { countHeld, newPath, withFile, withFileLocked } from '../test/queue-file.js';
import { count, expectBalance, leaveEvents, openQueue, track, trackMany } from '../test/tracking.js';

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
    await expect.poll(() => isPersisted).toBe(true);
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
    await expect.poll(() => queueErrors(onError)).toHaveLength(1);
    expect(queueErrors(onError)[0]?.message).toContain('cannot be used (EIO: i/o error)');
  });

  it('costs no memory for events that are delivered, which leave the file when it works again', async () => {
    const path = newPath();
    await leaveEvents(path, 3000);
    const host = testHost();
    const queue = openQueue({ path }, host);
    await expect.poll(() => queue.length).toBeGreaterThan(0);
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
    await leaveEvents(path, 1000);
    const host = testHost();
    const queue = openQueue({ path }, host);
    await expect.poll(() => queue.length).toBeGreaterThan(0);
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
    }, 15_000);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1000);
    expect(sent).toHaveLength(1000);
    queue.settle(sent);
    await expect.poll(() => count(path)).toBe(0);
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

type OnError = ReturnType<typeof vi.fn>;
const queueErrors = ({ mock }: OnError): TrackingError[] =>
  mock.calls.map(([error]) => error).filter(({ code }) => code === 'queue_failed');
