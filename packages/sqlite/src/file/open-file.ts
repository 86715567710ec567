import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { TrackingError } from '@successeve/core';
import { isBusy, nodeSqlite, resultCode, sqliteCode } from './node-sqlite.js';
import { checkIsQueue, migrate } from './schema.js';

/** How long to wait for another process at moments when nothing else can go on: opening and closing. */
export const patienceMs = 2000;

/** When SQLite itself moves the WAL into the file, in pages of 4 KiB. */
const autoCheckpointPages = 32_768;

/**
 * Opens a queue file, and creates it where there is none.
 *
 * @throws TrackingError with the code `invalid_options` where the path is at fault; what SQLite throws where the disk
 * is: that may pass.
 */
export function openFile(path: string): DatabaseSync {
  try {
    create(path);
    return open(path, () => closeToOthers(path));
  } catch (error) {
    throw isFaultOfPath(error) ? unusable(error) : error;
  }
}

/** Opens a queue file that must exist, to look into it beside the applications that use it. */
export function openExisting(path: string): DatabaseSync {
  try {
    // An empty file would be made a queue.
    if (statSync(path).size === 0)
      throw new TrackingError('invalid_options', 'path: expected a queue, got an empty file');
    return open(path, () => {});
  } catch (error) {
    throw isFaultOfPath(error) ? unusable(error) : error;
  }
}

/** @param onceChecked - is called when the file is known to be a queue, or empty; nothing was changed until then. */
function open(path: string, onceChecked: () => void): DatabaseSync {
  const { DatabaseSync } = nodeSqlite();
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA busy_timeout = ${patienceMs}`);
    checkIsQueue(db);
    onceChecked();
    // Must be said before the first table is there; it is what lets the file shrink again.
    db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    retryWhileBusy(() => db.exec('PRAGMA journal_mode = WAL'));
    // What was committed survives the process; what must survive a power failure too is synced off the main thread.
    db.exec('PRAGMA synchronous = NORMAL');
    // Another thread does it long before; this is for where there is none.
    db.exec(`PRAGMA wal_autocheckpoint = ${autoCheckpointPages}`);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Creates the file where there is none. */
function create(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Corrects the mode of the file and of the two beside it, which are created with the same. By path only: closing a file
 * descriptor of a database drops the locks that this process holds on it.
 */
function closeToOthers(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const mode = statSync(file, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o077) !== 0) chmodSync(file, 0o600);
  }
}

/** Two processes that turn the same new file into a WAL database at once: one of them is told "busy" at once. */
function retryWhileBusy(work: () => void): void {
  const giveUpAt = Date.now() + patienceMs;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || Date.now() >= giveUpAt) throw error;
      Atomics.wait(sleeper, 0, 0, 5);
    }
  }
}

const pathFaults = new Set<unknown>([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'EPERM',
  'EROFS',
  resultCode.perm,
  resultCode.readonly,
  resultCode.cantOpen,
  resultCode.notADatabase,
]);

const inWords: Readonly<Record<number | string, string>> = {
  [resultCode.cantOpen]: 'one that cannot be opened',
  [resultCode.notADatabase]: 'another kind of file',
};

function isFaultOfPath(error: unknown): boolean {
  return pathFaults.has(sqliteCode(error) ?? (error as NodeJS.ErrnoException).code);
}

function unusable(cause: unknown): TrackingError {
  // Node adds the call and the path, after a comma.
  const why = inWords[sqliteCode(cause) ?? ''] ?? (cause as Error).message.split(',')[0];
  const message = `path: expected a file that can be read and written, got ${why}`;
  return new TrackingError('invalid_options', message, { cause });
}
