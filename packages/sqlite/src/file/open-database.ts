import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { TrackingError } from '@successeve/core';
import { isBusy, nodeSqlite, resultCode, sqliteCode } from './node-sqlite.js';
import { firstUnknownVersion, migrate, readVersion } from './schema.js';

/** How long to wait for another process at moments when nothing else can go on: opening and closing. */
export const patienceMs = 2000;

/** When SQLite itself moves the WAL into the file, in pages of 4 KiB. */
const autoCheckpointPages = 32_768;

/** The file of a queue, and those that SQLite keeps next to it. */
export const filesOf = (path: string): string[] => [path, `${path}-wal`, `${path}-shm`];

/**
 * Opens a queue file; a missing one is created.
 *
 * @throws TrackingError with the code `invalid_options` where the path is at fault; SQLite's own error where the disk is:
 * that may pass.
 */
export function openDatabase(path: string): DatabaseSync {
  return namingPath(path, () => {
    create(path);
    return open(path, () => closeToOthers(path));
  });
}

/** Opens a queue file that must exist, to look into it while applications use it. */
export function openExistingDatabase(path: string): DatabaseSync {
  return namingPath(path, () => {
    // An empty file would become a queue.
    if (statSync(path).size === 0) throw unusable(path, 'a queue', 'an empty file');
    return open(path, () => {});
  });
}

/** @param onceChecked - is called when the file is known to be a queue, or empty; nothing was changed until then. */
function open(path: string, onceChecked: () => void): DatabaseSync {
  const { DatabaseSync } = nodeSqlite();
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA busy_timeout = ${patienceMs}`);
    checkIsQueue(db, path);
    onceChecked();
    // Must precede the first table; it lets the file shrink again.
    db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    retryWhileBusy(() => db.exec('PRAGMA journal_mode = WAL'));
    // A commit survives the process; for power failures, another thread syncs the file.
    db.exec('PRAGMA synchronous = NORMAL');
    // The checkpointer comes long before this, except where its thread cannot run.
    db.exec(`PRAGMA wal_autocheckpoint = ${autoCheckpointPages}`);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Throws, without a change to the file, where it is another program's database, or too new. */
function checkIsQueue(db: DatabaseSync, path: string): void {
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  if (tables.length > 0 && !tables.some(({ name }) => name === 'shares')) {
    throw unusable(path, 'a queue or a new file', 'another database');
  }
  const version = readVersion(db);
  if (version < firstUnknownVersion) return;
  const expected = `a queue of schema version below ${firstUnknownVersion}`;
  throw unusable(path, expected, `version ${version}: update @successeve/sqlite`);
}

function create(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw unusable(path, 'a file in a folder that exists', reasonOf(error), error);
    if (code !== 'EEXIST') throw error;
  }
}

/**
 * Corrects the mode of the file; SQLite creates the other two with the same. By path only: closing a file descriptor of
 * a database drops the locks that this process holds on it.
 */
function closeToOthers(path: string): void {
  for (const file of filesOf(path)) {
    const mode = statSync(file, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o077) !== 0) chmodSync(file, 0o600);
  }
}

/** Of two processes that turn the same new file into a WAL database at once, SQLite lets one fail without a wait. */
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

const descriptions: Readonly<Record<number | string, string>> = {
  [resultCode.cantOpen]: 'cannot be opened',
  [resultCode.notADatabase]: 'another kind of file',
};

/** Opens a file; an error that is the path's fault becomes one that names the path. */
function namingPath(path: string, open: () => DatabaseSync): DatabaseSync {
  try {
    return open();
  } catch (error) {
    if (!pathFaults.has(sqliteCode(error) ?? (error as NodeJS.ErrnoException).code)) throw error;
    throw unusable(path, 'a file that can be read and written', reasonOf(error), error);
  }
}

function reasonOf(error: unknown): string {
  // In Node's own message, the call and the path follow after a comma.
  return descriptions[sqliteCode(error) ?? ''] ?? (error as Error).message.split(',')[0] ?? '';
}

function unusable(path: string, expected: string, found: string, cause?: unknown): TrackingError {
  const message = `path: expected ${expected}, got ${path} (${found})`;
  return new TrackingError('invalid_options', message, { cause });
}
