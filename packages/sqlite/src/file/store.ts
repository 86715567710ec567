import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TrackingError } from '@successeve/core';
import type { QueuedEvent } from '@successeve/core/queue';
import { isUsable, laneOf, readVersion } from './schema.js';

export type Kind = QueuedEvent['kind'];

/** How many events there are, and how many bytes their bodies have; of them, how many are pageviews. */
export interface Totals {
  events: number;
  bytes: number;
  pageviews: number;
  pageviewBytes: number;
}

export const noTotals = (): Totals => ({ events: 0, bytes: 0, pageviews: 0, pageviewBytes: 0 });

/** Counts an event in totals, or out of them. */
export function count(totals: Totals, { kind, bytes }: { kind: Kind; bytes: number }, sign: 1 | -1): void {
  totals.events += sign;
  totals.bytes += sign * bytes;
  if (kind !== 'pageview') return;
  totals.pageviews += sign;
  totals.pageviewBytes += sign * bytes;
}

export interface ShareRow extends Totals {
  readonly id: number;
}

export interface EventRow {
  readonly id: number;
  readonly occurredAt: number;
  readonly bytes: number;
  readonly body: string;
}

/** Rejected events that are kept. Our choice: enough to see what is wrong, and bounded. */
const maxRejected = 10_000;

/** A lease that ends later than this was written by a clock that was wrong. */
const longestLeaseMs = 600_000;

/** What nobody answers for any more. The numbers are now, and the latest that a lease could end. */
const isGone = 'leased_until NOT BETWEEN ? AND ?';

const totals = 'events, bytes, pageviews, pageview_bytes AS pageviewBytes';

/** The statements on the file. Each throws what SQLite throws. */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.waitForOthers(0);
  }

  /** How long to wait when another process is writing, which holds up everything; 0 is to be told so at once. */
  waitForOthers(ms: number): void {
    this.#db.exec(`PRAGMA busy_timeout = ${ms}`);
  }

  /** Runs `work` as the only writer. It counts whole or, when it throws, not at all. */
  transaction<Result>(work: () => Result): Result {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      try {
        this.#db.exec('ROLLBACK');
      } catch {
        // SQLite has rolled back by itself, as it does when the disk is full.
      }
      throw error;
    }
  }

  addShare(holder: string | null, leasedUntil: number, now: number): number {
    const { lastInsertRowid } = this.#prepare(
      'INSERT INTO shares (holder, pid, leased_until, opened_at) VALUES (?, ?, ?, ?)',
    ).run(holder, holder && process.pid, leasedUntil, now);
    return Number(lastInsertRowid);
  }

  /** Whether a process answers for a share. */
  isHeldBy(id: number, holder: string): boolean {
    return this.#prepare('SELECT 1 FROM shares WHERE id = ? AND holder = ?').get(id, holder) !== undefined;
  }

  /** Adds to a share's totals and renews its lease. */
  updateShare(id: number, leasedUntil: number, change: Totals): void {
    this.#prepare(
      `UPDATE shares SET leased_until = ?, events = events + ?, bytes = bytes + ?, pageviews = pageviews + ?,
       pageview_bytes = pageview_bytes + ? WHERE id = ?`,
    ).run(leasedUntil, change.events, change.bytes, change.pageviews, change.pageviewBytes, id);
  }

  /** Renews the leases of everything held, and answers what that is. */
  renew(holder: string, leasedUntil: number): ShareRow[] {
    return this.#prepare(`UPDATE shares SET leased_until = ? WHERE holder = ? RETURNING id, ${totals}`).all(
      leasedUntil,
      holder,
    ) as unknown as ShareRow[];
  }

  /** Processes that hold shares, but do not live any more. */
  goneHolders(holder: string, now: number): string[] {
    return this.#prepare(`SELECT DISTINCT holder FROM shares WHERE holder IS NOT ? AND ${isGone}`)
      .all(holder, now, now + longestLeaseMs)
      .flatMap((row) => (row.holder === null ? [] : String(row.holder)));
  }

  /** Takes over what nobody holds any more. */
  adopt(holder: string, leasedUntil: number, now: number): ShareRow[] {
    return this.#prepare(
      `UPDATE shares SET holder = ?, pid = ?, leased_until = ?
       WHERE holder IS NOT ? AND ${isGone} RETURNING id, ${totals}`,
    ).all(holder, process.pid, leasedUntil, holder, now, now + longestLeaseMs) as unknown as ShareRow[];
  }

  /** Leaves everything held to whoever comes next. */
  releaseAll(holder: string): void {
    this.#prepare('UPDATE shares SET holder = NULL, pid = NULL, leased_until = 0 WHERE holder = ?').run(
      holder,
    );
  }

  /** Forgets a share in which nothing is left; false while there is. */
  removeIfEmpty(id: number): boolean {
    const { changes } = this.#prepare(
      'DELETE FROM shares WHERE id = ? AND NOT EXISTS (SELECT 1 FROM events WHERE share = ?)',
    ).run(id, id);
    return changes === 1;
  }

  /** What all the others hold together. */
  totalsBeside(holder: string): { events: number; bytes: number } {
    return this.#prepare(
      'SELECT ifnull(sum(events), 0) AS events, ifnull(sum(bytes), 0) AS bytes FROM shares WHERE holder IS NOT ?',
    ).get(holder) as unknown as { events: number; bytes: number };
  }

  /** @returns false where it is there already: a transaction counted though it was told that it failed. */
  insert(share: number, { id, kind, occurredAt, bytes, body }: QueuedEvent): boolean {
    const { changes } = this.#prepare('INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?)').run(
      share,
      laneOf[kind],
      id,
      occurredAt,
      bytes,
      body,
    );
    return changes === 1;
  }

  /** @returns false where it is gone already. */
  remove(share: number, kind: Kind, id: number): boolean {
    const { changes } = this.#prepare('DELETE FROM events WHERE share = ? AND lane = ? AND id = ?').run(
      share,
      laneOf[kind],
      id,
    );
    return changes === 1;
  }

  /** Forgets an event of a share that nobody holds. */
  takeOut(share: number, kind: Kind, id: number): void {
    const row = this.#prepare(
      'DELETE FROM events WHERE share = ? AND lane = ? AND id = ? RETURNING bytes',
    ).get(share, laneOf[kind], id);
    if (!row) return;
    const change = noTotals();
    count(change, { kind, bytes: Number(row.bytes) }, -1);
    this.updateShare(share, 0, change);
  }

  /** The next events of a lane, oldest first. */
  page(share: number, kind: Kind, afterId: number, limit: number): EventRow[] {
    return this.#prepare(
      `SELECT id, occurred_at AS occurredAt, bytes, body FROM events
       WHERE share = ? AND lane = ? AND id > ? ORDER BY id LIMIT ?`,
    ).all(share, laneOf[kind], afterId, limit) as unknown as EventRow[];
  }

  reject({ kind, occurredAt, bytes, body }: QueuedEvent, error: TrackingError, now: number): void {
    const { lastInsertRowid } = this.#prepare(
      `INSERT INTO rejected (lane, occurred_at, bytes, body, rejected_at, status, reason, answer)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      laneOf[kind],
      occurredAt,
      bytes,
      body,
      now,
      error.status ?? null,
      error.message,
      error.body ?? null,
    );
    this.#prepare('DELETE FROM rejected WHERE id <= ?').run(Number(lastInsertRowid) - maxRejected);
  }

  forgetRejected(id: number): void {
    this.#prepare('DELETE FROM rejected WHERE id = ?').run(id);
  }

  /** What a contact or an account was last told, and the day on which that was last of use. */
  digest(subject: number): { digest: number | undefined; usedOn: number } {
    const row = this.#prepare('SELECT digest, used_on AS usedOn FROM digests WHERE subject = ?').get(subject);
    return { digest: row && Number(row.digest), usedOn: Number(row?.usedOn ?? Number.POSITIVE_INFINITY) };
  }

  rememberDigest(subject: number, digest: number, day: number): void {
    this.#prepare('INSERT OR REPLACE INTO digests VALUES (?, ?, ?)').run(subject, digest, day);
  }

  useDigest(subject: number, day: number): void {
    this.#prepare('UPDATE digests SET used_on = ? WHERE subject = ?').run(day, subject);
  }

  forgetDigest(subject: number): void {
    this.#prepare('DELETE FROM digests WHERE subject = ?').run(subject);
  }

  /** Forgets those that were of no use for the longest, beyond `most`. */
  trimDigests(most: number): void {
    const { n } = this.#prepare('SELECT count(*) AS n FROM digests').get() as { n: number };
    if (n <= most) return;
    this.#prepare(
      'DELETE FROM digests WHERE subject IN (SELECT subject FROM digests ORDER BY used_on LIMIT ?)',
    ).run(n - most);
  }

  /** Whether this code can still use the file: a newer one may have changed it meanwhile. */
  get isUsable(): boolean {
    return isUsable(readVersion(this.#db));
  }

  /** How many pages of the file are empty. */
  get freePages(): number {
    return Number(this.#prepare('PRAGMA freelist_count').get()?.freelist_count);
  }

  /** Gives up to `pages` empty pages back to the disk, at the next checkpoint. */
  shrink(pages: number): void {
    this.#db.exec(`PRAGMA incremental_vacuum(${pages})`);
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
