import { TrackingError } from '@successeve/core';
import type { Identity } from '../identity.js';
import { isBusy, isDamage, messageOf } from './node-sqlite.js';
import { patienceMs } from './open-database.js';
import { OpenFile } from './open-file.js';
import type { Store } from './store.js';

/** How long to wait before a failing disk is tried again. */
const retryMs = 1000;

/** How long other processes may hold the lock before that is reported. */
const maxBusyMs = 5000;

/**
 * Events are added, events are removed, leases are renewed, or events are read. A full disk may have room for the later
 * ones only, so each kind fails on its own.
 */
export type WorkKind = 'insert' | 'delete' | 'lease' | 'read';

/**
 * Runs work on the file, which may fail and work again.
 *
 * | state   | begins when                    | ends when                                      | work runs again    |
 * | ------- | ------------------------------ | ---------------------------------------------- | ------------------ |
 * | working |                                |                                                | at once            |
 * | busy    | another process holds the lock | a write succeeds; failing after `maxBusyMs`    | after 1 to 5 ms    |
 * | failing | work fails, as on a full disk  | the same {@link WorkKind}, or for `delete` an  | after `retryMs`    |
 * |         |                                | `insert`, succeeds                             |                    |
 * | damaged | SQLite finds nonsense in it    | the `Mover` has put a new file in place        | with the next turn |
 *
 * Failing is reported once, as `queue_failed`. Until it ends, events stay in memory, as many as `Unwritten` has room for,
 * and are sent from there; deliveries go to the `DeliveryLog`.
 */
export class Disk {
  readonly identity: Identity;
  readonly report: (error: TrackingError) => void;
  /** Called at the end of each back-off. */
  onBackoffEnd: () => void = () => {};
  #file: OpenFile | undefined;
  /** SQLite's error about a damaged file. */
  #damage: unknown;
  readonly #failing = new Set<WorkKind>();
  #busySince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @throws TrackingError with the code `invalid_options` where the path is at fault. */
  constructor(identity: Identity, report: (error: TrackingError) => void) {
    this.identity = identity;
    this.report = report;
    try {
      this.#open();
    } catch (error) {
      // A disk that is full or busy is not a mistake in the options: it is tried again with the first event.
      if (error instanceof TrackingError) throw error;
    }
  }

  /** The file, where it is open. */
  get file(): OpenFile | undefined {
    return this.#file;
  }

  /** Whether work of a kind failed, and none has succeeded since. */
  isFailing(kind: WorkKind): boolean {
    return this.#failing.has(kind);
  }

  /** Whether work failed a moment ago; `onBackoffEnd` follows. */
  get isBackingOff(): boolean {
    return this.#timer !== undefined;
  }

  /** Whether the disk, rather than a lock, failed a moment ago, so that a caller should not wait for it. */
  get isUnavailable(): boolean {
    return this.isBackingOff && this.#failing.size > 0;
  }

  /** Runs work. Returns `undefined` where it failed. */
  attempt<Result>(kind: WorkKind, work: (store: Store) => Result): Result | undefined {
    try {
      const result = work(this.#open());
      this.#failing.delete(kind);
      // The writer adds and removes events in one transaction.
      if (kind === 'insert') this.#failing.delete('delete');
      // The lock keeps only writers out.
      if (kind !== 'read') this.#busySince = undefined;
      return result;
    } catch (error) {
      this.failed(kind, error);
      return undefined;
    }
  }

  /** Takes note of work that failed. */
  failed(kind: WorkKind, error: unknown): void {
    if (isDamage(error)) {
      this.#damage = error;
      return this.#backOff(0);
    }
    if (isBusy(error)) {
      this.#backOff(busyMs());
      if (kind === 'read') return;
      this.#busySince ??= Date.now();
      if (Date.now() - this.#busySince <= maxBusyMs) return;
    } else this.#backOff(retryMs);
    if (this.#failing.size === 0) this.#reportFailing(error);
    this.#failing.add(kind);
  }

  /** SQLite's error about a damaged file, where one was found since the last call. */
  takeDamage(): unknown {
    const damage = this.#damage;
    this.#damage = undefined;
    return damage;
  }

  /** Goes on with a new file. */
  replace(file: OpenFile): void {
    this.#file?.close();
    this.#file = file;
    this.#failing.clear();
  }

  /** Runs work at a moment when nothing comes after, and so blocks while another process holds the lock. */
  waitForLock(work: () => unknown): void {
    this.endBackoff();
    this.#file?.store.waitForOthers(patienceMs);
    work();
    this.#file?.store.waitForOthers(0);
    this.endBackoff();
  }

  /** Lets the next retry hold the process open, for a caller of `persisted()` who waits for it. */
  holdProcess(): void {
    this.#timer?.ref();
  }

  endBackoff(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    this.endBackoff();
    this.#file?.close();
  }

  #open(): Store {
    this.#file ??= new OpenFile(this.identity);
    return this.#file.store;
  }

  #reportFailing(cause: unknown): void {
    const message = `the queue's file ${this.identity.path} cannot be used (${messageOf(cause)}): events wait in memory until it can`;
    this.report(new TrackingError('queue_failed', message, { cause }));
  }

  #backOff(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.onBackoffEnd();
    }, ms);
    this.#timer.unref();
  }
}

/** Random, so that processes that wait for the same lock do not come back at the same time. */
function busyMs(): number {
  return 1 + Math.random() * 4;
}
