import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TrackingError } from '@successeve/core';
import type { EventKind, QueuedEvent } from '@successeve/core/queue';
import type { Identity } from '../identity.js';
import { firstUnknownVersion, laneOf, readVersion } from './schema.js';
import { type ReadonlyTotals, Totals } from './totals.js';

export interface ShareRow extends ReadonlyTotals {
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

/** Whether the lease of a share ran out. The parameters are the time now, and the latest at which a lease can end. */
const isExpired = 'leased_until NOT BETWEEN ? AND ?';

const totalsOf = 'events, bytes, pageviews, pageview_bytes AS pageviewBytes';

/** The statements on the file, of one of its processes. Each throws SQLite's own errors. */
export class Store {
  readonly db: DatabaseSync;
  readonly #identity: Identity;
  readonly #statements = new Map<string, StatementSync>();
  /** Changes of the shares' totals that the transaction under way has not written yet. */
  readonly #changes = new Map<number, Totals>();

  constructor(db: DatabaseSync, identity: Identity) {
    this.db = db;
    this.#identity = identity;
    this.waitForOthers(0);
  }

  /** Sets how long to block when another process holds the lock; with 0, SQLite reports "busy" at once. */
  waitForOthers(ms: number): void {
    this.db.exec(`PRAGMA busy_timeout = ${ms}`);
  }

  /**
   * Runs `work` as the only writer; where it throws, nothing of it is in the file. The totals of the shares follow what
   * it inserts and removes.
   */
  transaction<Result>(work: () => Result): Result {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#writeTotals();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#changes.clear();
      try {
        this.db.exec('ROLLBACK');
      } catch {
        // SQLite has rolled back by itself, as it does when the disk is full.
      }
      throw error;
    }
  }

  /** Adds a share of this process, and returns its id. */
  addShare(): number {
    const { holder, leaseMs } = this.#identity;
    const now = Date.now();
    const { lastInsertRowid } = this.#prepare(
      'INSERT INTO shares (holder, pid, leased_until, opened_at) VALUES (?, ?, ?, ?)',
    ).run(holder, process.pid, now + leaseMs, now);
    return Number(lastInsertRowid);
  }

  /** Whether a share belongs to this process, or to another one. */
  isHeld(id: number, holder: string = this.#identity.holder): boolean {
    return this.#prepare('SELECT 1 FROM shares WHERE id = ? AND holder = ?').get(id, holder) !== undefined;
  }

  /** Renews the leases of the shares of this process, and returns those shares. */
  renew(): ShareRow[] {
    const { holder, leaseMs } = this.#identity;
    this.#writeTotals();
    const sql = `UPDATE shares SET leased_until = ? WHERE holder = ? RETURNING id, ${totalsOf}`;
    return this.#prepare(sql).all(Date.now() + leaseMs, holder) as unknown as ShareRow[];
  }

  /** The other holders whose leases ran out. */
  expiredHolders(now: number): string[] {
    return this.#prepare(`SELECT DISTINCT holder FROM shares WHERE holder <> ? AND ${isExpired}`)
      .all(this.#identity.holder, now, now + longestLeaseMs)
      .map((row) => String(row.holder));
  }

  /** Takes over the shares whose leases ran out, and returns them. */
  adopt(now: number): ShareRow[] {
    const { holder, leaseMs } = this.#identity;
    this.#writeTotals();
    return this.#prepare(
      `UPDATE shares SET holder = ?, pid = ?, leased_until = ?
       WHERE holder IS NOT ? AND ${isExpired} RETURNING id, ${totalsOf}`,
    ).all(holder, process.pid, now + leaseMs, holder, now, now + longestLeaseMs) as unknown as ShareRow[];
  }

  /** Lets any process take over the shares of this one at once. */
  releaseAll(): void {
    const sql = 'UPDATE shares SET holder = NULL, pid = NULL, leased_until = 0 WHERE holder = ?';
    this.#prepare(sql).run(this.#identity.holder);
  }

  /** @returns whether the share was removed; one that has events stays. */
  removeIfEmpty(id: number): boolean {
    const { changes } = this.#prepare(
      'DELETE FROM shares WHERE id = ? AND NOT EXISTS (SELECT 1 FROM events WHERE share = ?)',
    ).run(id, id);
    return changes === 1;
  }

  /** The totals of the shares of all other processes. */
  totalsElsewhere(): { events: number; bytes: number } {
    this.#writeTotals();
    return this.#prepare(
      'SELECT ifnull(sum(events), 0) AS events, ifnull(sum(bytes), 0) AS bytes FROM shares WHERE holder IS NOT ?',
    ).get(this.#identity.holder) as unknown as { events: number; bytes: number };
  }

  /** Inserts an event, in a transaction. It may be there already: SQLite can report that a commit failed that counted. */
  insert(share: number, event: QueuedEvent): void {
    const { id, kind, occurredAt, bytes, body } = event;
    const statement = this.#prepare('INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?)');
    const { changes } = statement.run(share, laneOf[kind], id, occurredAt, bytes, body);
    if (changes === 1) this.#count(share, event, 1);
  }

  /** Removes an event, in a transaction. It may be gone already, for the same reason. */
  remove(share: number, event: Pick<QueuedEvent, 'kind' | 'id' | 'bytes'>): void {
    const statement = this.#prepare('DELETE FROM events WHERE share = ? AND lane = ? AND id = ?');
    const { changes } = statement.run(share, laneOf[event.kind], event.id);
    if (changes === 1) this.#count(share, event, -1);
  }

  /** The next events of a lane, oldest first. */
  page(share: number, kind: EventKind, afterId: number, limit: number): EventRow[] {
    return this.#prepare(
      `SELECT id, occurred_at AS occurredAt, bytes, body FROM events
       WHERE share = ? AND lane = ? AND id > ? ORDER BY id LIMIT ?`,
    ).all(share, laneOf[kind], afterId, limit) as unknown as EventRow[];
  }

  /** All events of a lane, a page at a time. */
  *pages(share: number, kind: EventKind, size: number): Generator<EventRow[]> {
    for (let after = 0; ; ) {
      const rows = this.page(share, kind, after, size);
      if (rows.length > 0) yield rows;
      if (rows.length < size) return;
      after = rows.at(-1)?.id ?? after;
    }
  }

  reject({ kind, occurredAt, bytes, body }: QueuedEvent, error: TrackingError): void {
    const { status = null, message, body: answer = null } = error;
    const row = [laneOf[kind], occurredAt, bytes, body, Date.now(), status, message, answer];
    const { lastInsertRowid } = this.#prepare(
      `INSERT INTO rejected (lane, occurred_at, bytes, body, rejected_at, status, reason, answer)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(...row);
    this.#prepare('DELETE FROM rejected WHERE id <= ?').run(Number(lastInsertRowid) - maxRejected);
  }

  /** The digest of a subject, a contact or an account, and the day on which it was last used. */
  digest(subject: number): { digest: number; usedOn: number } | undefined {
    const sql = 'SELECT digest, used_on AS usedOn FROM digests WHERE subject = ?';
    return this.#prepare(sql).get(subject) as { digest: number; usedOn: number } | undefined;
  }

  setDigest(subject: number, digest: number, day: number): void {
    this.#prepare('INSERT OR REPLACE INTO digests VALUES (?, ?, ?)').run(subject, digest, day);
  }

  useDigest(subject: number, day: number): void {
    this.#prepare('UPDATE digests SET used_on = ? WHERE subject = ?').run(day, subject);
  }

  deleteDigest(subject: number): void {
    this.#prepare('DELETE FROM digests WHERE subject = ?').run(subject);
  }

  /** Deletes the least recently used digests beyond `most`. */
  trimDigests(most: number): void {
    this.#prepare(
      `DELETE FROM digests WHERE subject IN (SELECT subject FROM digests ORDER BY used_on
       LIMIT max(0, (SELECT count(*) FROM digests) - ?))`,
    ).run(most);
  }

  /** Whether this code can still use the file: newer code may have changed it. */
  get isUsable(): boolean {
    return readVersion(this.db) < firstUnknownVersion;
  }

  /** How many pages of the file are empty. */
  get freePages(): number {
    return Number(this.#prepare('PRAGMA freelist_count').get()?.freelist_count);
  }

  /** Gives up to `pages` empty pages back to the disk, at the next checkpoint. */
  shrink(pages: number): void {
    this.db.exec(`PRAGMA incremental_vacuum(${pages})`);
  }

  close(): void {
    this.#statements.clear();
    this.db.close();
  }

  #count(share: number, { kind, bytes }: Pick<QueuedEvent, 'kind' | 'bytes'>, sign: 1 | -1): void {
    let change = this.#changes.get(share);
    if (!change) {
      change = new Totals();
      this.#changes.set(share, change);
    }
    change.count(kind, sign, sign * bytes);
  }

  /** Once a transaction and share: a trigger on `events` would do so for each row, and takes a quarter of the rate. */
  #writeTotals(): void {
    for (const [share, { events, bytes, pageviews, pageviewBytes }] of this.#changes) {
      this.#prepare(
        `UPDATE shares SET events = events + ?, bytes = bytes + ?, pageviews = pageviews + ?,
         pageview_bytes = pageview_bytes + ? WHERE id = ?`,
      ).run(events, bytes, pageviews, pageviewBytes, share);
    }
    this.#changes.clear();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
