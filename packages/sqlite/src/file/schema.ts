import type { DatabaseSync } from 'node:sqlite';
import { TrackingError } from '@successeve/core';
import { type EventKind, eventKinds as kinds } from '@successeve/core/queue';

export { kinds };

/** The number of each kind in the file. The order in which they go is another: the core's. */
export const laneOf: Readonly<Record<EventKind, number>> = { event: 0, pageview: 1, contact: 2, account: 3 };

/** Something for each kind. */
export function forEachKind<Value>(make: (kind: EventKind) => Value): Record<EventKind, Value> {
  return Object.fromEntries(kinds.map((kind) => [kind, make(kind)])) as Record<EventKind, Value>;
}

export function kindOfLane(lane: number): EventKind {
  return kinds.find((kind) => laneOf[kind] === lane) ?? 'event';
}

/**
 * What each version adds. The file's `user_version` says how many of these it has seen.
 *
 * A file is used by the old and the new version of an application at once, and by the old one again when a deploy is
 * taken back. So a step may add, but not change what older code reads and writes, which need not know of it then.
 */
const steps: readonly string[] = [
  `
  -- What one process put into the queue. A process answers for its own share, and for those that it took over from
  -- processes that ended. It says so again and again: a share whose lease ran out belongs to whoever takes it.
  CREATE TABLE shares (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    holder TEXT,
    pid INTEGER,
    leased_until INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    events INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    pageviews INTEGER NOT NULL DEFAULT 0,
    pageview_bytes INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  -- In the order in which they are read: a page of a lane lies together.
  CREATE TABLE events (
    share INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    id INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (share, lane, id)
  ) STRICT, WITHOUT ROWID;

  -- What the API refused for good.
  CREATE TABLE rejected (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    lane INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    body TEXT NOT NULL,
    rejected_at INTEGER NOT NULL,
    status INTEGER,
    reason TEXT NOT NULL,
    answer TEXT
  ) STRICT;
  `,
  `
  -- What contacts and accounts were last told, and when that was last of use, in days. Numbers that stand for it: what
  -- it was cannot be read from them.
  CREATE TABLE digests (
    subject INTEGER PRIMARY KEY,
    digest INTEGER NOT NULL,
    used_on INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX digests_by_use ON digests (used_on);
  `,
];

/** The version that this code knows. */
export const schemaVersion: number = steps.length;

/** A file of this version or later is one that this code cannot use: the change that had to break it starts there. */
const firstUnknownVersion = 100;

export function readVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version);
}

export function isUsable(version: number): boolean {
  return version < firstUnknownVersion;
}

/**
 * Looks at a file before anything is changed in it.
 *
 * @throws TrackingError with the code `invalid_options` where it is somebody else's database, or too new.
 */
export function checkIsQueue(db: DatabaseSync): void {
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  if (tables.length > 0 && !tables.some(({ name }) => name === 'shares')) {
    throw new TrackingError('invalid_options', 'path: expected a queue or a new file, got another database');
  }
  const found = readVersion(db);
  if (isUsable(found)) return;
  const message = `path: expected a queue of schema version below ${firstUnknownVersion}, got version ${found}: update @successeve/sqlite`;
  throw new TrackingError('invalid_options', message);
}

/** Brings a file to the version that this code knows. */
export function migrate(db: DatabaseSync): void {
  if (readVersion(db) >= schemaVersion) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Read again: another process may have done it just now.
    const version = readVersion(db);
    for (const step of steps.slice(version)) db.exec(step);
    if (version < schemaVersion) db.exec(`PRAGMA user_version = ${schemaVersion}`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
