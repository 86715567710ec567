import type { DatabaseSync } from 'node:sqlite';
import { type EventKind, eventKinds } from '@successeve/core/queue';

/** The number of each kind in the file. They are sent in another order, that of `eventKinds`. */
export const laneOf: Readonly<Record<EventKind, number>> = { event: 0, pageview: 1, contact: 2, account: 3 };

/** Makes one value for each kind. */
export function forEachKind<Value>(make: (kind: EventKind) => Value): Record<EventKind, Value> {
  return Object.fromEntries(eventKinds.map((kind) => [kind, make(kind)])) as Record<EventKind, Value>;
}

export function kindOfLane(lane: number): EventKind {
  return eventKinds.find((kind) => laneOf[kind] === lane) ?? 'event';
}

/**
 * What each version adds. The file's `user_version` counts the steps that it has seen.
 *
 * The old and the new version of an application use a file at the same time during a deploy, and the old one again when
 * the deploy is rolled back. So a step may add, but not change what older code reads and writes.
 */
const steps: readonly string[] = [
  `
  -- The events that one process put into the queue. A process sends its own share, and those that it took over from
  -- processes that ended. It renews its leases again and again: a share whose lease ran out is free to take.
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

  -- The events that the API rejected.
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
  -- Digests of the last update of each contact and account, from which the update cannot be read, and the day on which
  -- each was last used.
  CREATE TABLE digests (
    subject INTEGER PRIMARY KEY,
    digest INTEGER NOT NULL,
    used_on INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX digests_by_use ON digests (used_on);
  `,
];

/** The version that this code writes. */
const schemaVersion = steps.length;

/** This code cannot use files of this version or later: it is kept for a change that has to break older code. */
export const firstUnknownVersion = 100;

export function readVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version);
}

/** Brings a file to the version that this code writes. */
export function migrate(db: DatabaseSync): void {
  if (readVersion(db) >= schemaVersion) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Read again: another process may have migrated it just now.
    const version = readVersion(db);
    for (const step of steps.slice(version)) db.exec(step);
    if (version < schemaVersion) db.exec(`PRAGMA user_version = ${schemaVersion}`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
