import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TrackingError } from '@successeve/core';
import type { EventKind, QueuedEvent } from '@successeve/core/queue';
import { isUsable, laneOf, readVersion } from './schema.js';

/** How many events there are, and how many bytes their bodies have; of them, how many are pageviews. */
interface Totals {
  events: number;
  bytes: number;
  pageviews: number;
  pageviewBytes: number;
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

/** Whether the lease of a share ran out. The parameters are the time now, and the latest at which a lease can end. */
const isExpired = 'leased_until NOT BETWEEN ? AND ?';

const totalsOf = 'events, bytes, pageviews, pageview_bytes AS pageviewBytes';

/** The statements on the file. Each throws SQLite's own errors. */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Changes of the shares' totals that the transaction under way has not written yet. */
  readonly #changes = new Map<number, Totals>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.waitForOthers(0);
  }

  /** Sets how long to block when another process holds the lock; with 0, SQLite reports "busy" at once. */
  waitForOthers(ms: number): void {
    this.#db.exec(`PRAGMA busy_timeout = ${ms}`);
  }

  /**
   * Runs `work` as the only writer; where it throws, nothing of it is in the file. The totals of the shares follow what
   * it inserts and removes.
   */
  transaction<Result>(work: () => Result): Result {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#writeTotals();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#changes.clear();
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

  isHeldBy(id: number, holder: string): boolean {
    return this.#prepare('SELECT 1 FROM shares WHERE id = ? AND holder = ?').get(id, holder) !== undefined;
  }

  /** Renews the leases of the shares of a holder, and returns those shares. */
  renew(holder: string, leasedUntil: number): ShareRow[] {
    this.#writeTotals();
    return this.#prepare(`UPDATE shares SET leased_until = ? WHERE holder = ? RETURNING id, ${totalsOf}`).all(
      leasedUntil,
      holder,
    ) as unknown as ShareRow[];
  }

  /** The other holders whose leases ran out. */
  expiredHolders(holder: string, now: number): string[] {
    return this.#prepare(`SELECT DISTINCT holder FROM shares WHERE holder IS NOT ? AND ${isExpired}`)
      .all(holder, now, now + longestLeaseMs)
      .flatMap((row) => (row.holder === null ? [] : String(row.holder)));
  }

  /** Takes over the shares whose leases ran out, and returns them. */
  adopt(holder: string, leasedUntil: number, now: number): ShareRow[] {
    this.#writeTotals();
    return this.#prepare(
      `UPDATE shares SET holder = ?, pid = ?, leased_until = ?
       WHERE holder IS NOT ? AND ${isExpired} RETURNING id, ${totalsOf}`,
    ).all(holder, process.pid, leasedUntil, holder, now, now + longestLeaseMs) as unknown as ShareRow[];
  }

  /** Lets any process take over the shares of a holder at once. */
  releaseAll(holder: string): void {
    this.#prepare('UPDATE shares SET holder = NULL, pid = NULL, leased_until = 0 WHERE holder = ?').run(
      holder,
    );
  }

  /** @returns whether the share was removed; one that has events stays. */
  removeIfEmpty(id: number): boolean {
    const { changes } = this.#prepare(
      'DELETE FROM shares WHERE id = ? AND NOT EXISTS (SELECT 1 FROM events WHERE share = ?)',
    ).run(id, id);
    return changes === 1;
  }

  /** The totals of all shares but those of one holder. */
  totalsElsewhere(holder: string): { events: number; bytes: number } {
    this.#writeTotals();
    return this.#prepare(
      'SELECT ifnull(sum(events), 0) AS events, ifnull(sum(bytes), 0) AS bytes FROM shares WHERE holder IS NOT ?',
    ).get(holder) as unknown as { events: number; bytes: number };
  }

  /** Inserts an event, in a transaction. It may be there already: SQLite can report that a commit failed that counted. */
  insert(share: number, event: QueuedEvent): void {
    const { id, kind, occurredAt, bytes, body } = event;
    const { changes } = this.#prepare('INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?)').run(
      share,
      laneOf[kind],
      id,
      occurredAt,
      bytes,
      body,
    );
    if (changes === 1) this.#count(share, event, 1);
  }

  /** Removes an event, in a transaction. It may be gone already, for the same reason. */
  remove(share: number, event: Pick<QueuedEvent, 'kind' | 'id' | 'bytes'>): void {
    const { changes } = this.#prepare('DELETE FROM events WHERE share = ? AND lane = ? AND id = ?').run(
      share,
      laneOf[event.kind],
      event.id,
    );
    if (changes === 1) this.#count(share, event, -1);
  }

  /** The size of an event's body, where the event is in the file. */
  bytesOf(share: number, kind: EventKind, id: number): number | undefined {
    const row = this.#prepare('SELECT bytes FROM events WHERE share = ? AND lane = ? AND id = ?').get(
      share,
      laneOf[kind],
      id,
    );
    return row && Number(row.bytes);
  }

  /** The next events of a lane, oldest first. */
  page(share: number, kind: EventKind, afterId: number, limit: number): EventRow[] {
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

  removeRejected(id: number): void {
    this.#prepare('DELETE FROM rejected WHERE id = ?').run(id);
  }

  /** The digest of a subject, a contact or an account, and the day on which it was last used. */
  digest(subject: number): { digest: number | undefined; usedOn: number } {
    const row = this.#prepare('SELECT digest, used_on AS usedOn FROM digests WHERE subject = ?').get(subject);
    return { digest: row && Number(row.digest), usedOn: Number(row?.usedOn ?? Number.POSITIVE_INFINITY) };
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
    const { n } = this.#prepare('SELECT count(*) AS n FROM digests').get() as { n: number };
    if (n <= most) return;
    this.#prepare(
      'DELETE FROM digests WHERE subject IN (SELECT subject FROM digests ORDER BY used_on LIMIT ?)',
    ).run(n - most);
  }

  /** Whether this code can still use the file: newer code may have changed it. */
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

  #count(share: number, { kind, bytes }: Pick<QueuedEvent, 'kind' | 'bytes'>, sign: 1 | -1): void {
    let change = this.#changes.get(share);
    if (!change) {
      change = { events: 0, bytes: 0, pageviews: 0, pageviewBytes: 0 };
      this.#changes.set(share, change);
    }
    change.events += sign;
    change.bytes += sign * bytes;
    if (kind !== 'pageview') return;
    change.pageviews += sign;
    change.pageviewBytes += sign * bytes;
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
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
