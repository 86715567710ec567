import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFakeApi } from '@successeve/testing';
import { eventMaker } from '@successeve/testing/queue-contract';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { newPath, withFile } from '../test/queue-file.js';
import { count, expectBalance, leaveEvents, openQueue, track, trackMany } from '../test/tracking.js';
import { type SqliteQueueOptions, sqliteQueue } from './index.js';

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
    const queue = openQueue({ path });
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
    await expect.poll(() => tracker.stats().dropped.rejected + tracker.stats().queued).toBe(1);
    await tracker.persisted();
    const files = [path, `${path}-wal`].filter(existsSync);
    expect(execFileSync('cat', files).includes(api.token)).toBe(false);
  });

  it('of an earlier version is brought up to date, with what waits in it', async () => {
    const path = newPath();
    await leaveEvents(path, 3);
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
    await expect.poll(() => onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'queue_failed' }));
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
