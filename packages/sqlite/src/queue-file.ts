import type { TrackingError } from '@successeve/core';
import { Checkpointer } from './file/checkpointer.js';
import { Disk, type WriteKind } from './file/disk.js';
import { patienceMs } from './file/open-database.js';
import { Shrinker } from './file/shrinker.js';
import type { Store } from './file/store.js';
import type { Identity } from './identity.js';
import type { Shares } from './memory/shares.js';
import { DeliveryLog } from './recovery/delivery-log.js';
import { Mover } from './recovery/mover.js';

/** The queue's file, and what keeps it usable: retries, checkpoints, shrinking, and recovery from damage. */
export class QueueFile {
  readonly deliveryLog: DeliveryLog;
  readonly #shares: Shares;
  readonly #checkpointer: Checkpointer;
  readonly #shrinker = new Shrinker();
  readonly #disk: Disk;
  readonly #mover: Mover;

  /**
   * @param report - is called once at the beginning of each problem.
   * @throws TrackingError with the code `invalid_options` where the path is at fault.
   */
  constructor(identity: Identity, shares: Shares, report: (error: TrackingError) => void) {
    this.deliveryLog = new DeliveryLog(identity.path, identity.holder);
    this.#shares = shares;
    this.#checkpointer = new Checkpointer(identity.path);
    this.#disk = new Disk(identity.path, report);
    this.#mover = new Mover(identity, shares, this.#disk, report);
  }

  /** Whether a write of a kind failed, and none has succeeded since. */
  isFailing(kind: WriteKind): boolean {
    return this.#disk.isFailing(kind);
  }

  /** Whether work failed a moment ago; it is retried at the end of the back-off. */
  get isBackingOff(): boolean {
    return this.#disk.isBackingOff;
  }

  /** Whether the disk, rather than a lock, failed a moment ago, so that a caller should not wait for it. */
  get isUnavailable(): boolean {
    return this.#disk.isUnavailable;
  }

  /** Sets what is called at the end of each back-off. */
  onRetry(retry: () => void): void {
    this.#disk.onRetry = () => {
      this.ensureInPlace();
      retry();
    };
  }

  /** Returns whether the file at the path is the open one, if need be after a move to a new one. */
  ensureInPlace(): boolean {
    return this.#mover.ensureInPlace(() => {
      this.deliveryLog.delete();
      // Its thread has the old file open.
      this.#checkpointer.close();
    });
  }

  /** Runs work that writes. Returns `undefined` where it failed. */
  attempt<Result>(kind: WriteKind, work: (store: Store) => Result): Result | undefined {
    return this.#disk.attempt(kind, work);
  }

  /** Runs work that reads. Returns `undefined` where it failed. */
  read<Result>(work: (store: Store) => Result): Result | undefined {
    return this.#disk.read(work);
  }

  /** Runs work at a moment when nothing comes after, and so blocks while another process holds the lock. */
  waitForLock(work: () => unknown): void {
    this.#disk.waitForLock(work);
  }

  /** Lets the next retry hold the process open, for a caller of `persisted()`. */
  holdProcess(): void {
    this.#disk.holdProcess();
  }

  /** Counts bytes that were written to the WAL, which needs a checkpoint now and then. */
  wrote(bytes: number): void {
    this.#checkpointer.wrote(bytes);
  }

  /** Takes note that rows were removed: the file can shrink. */
  freed(): void {
    this.#shrinker.isDue = true;
  }

  /** Takes one step of shrinking. Returns whether another is due. */
  shrink(): boolean {
    if (!this.#shrinker.isDue || this.isBackingOff) return false;
    const isFinished = this.attempt('delete', (store) =>
      this.#shrinker.step(store, this.#shares.length === 0),
    );
    if (isFinished) this.#checkpointer.run();
    return isFinished !== undefined && this.#shrinker.isDue;
  }

  /** @param lastWork - runs in a last transaction, if the file can be written. */
  close(lastWork: (store: Store) => void): void {
    this.ensureInPlace();
    this.attempt('lease', (store) => {
      store.waitForOthers(patienceMs);
      store.transaction(() => lastWork(store));
      this.#shrinker.finish(store);
    });
    this.#disk.close();
    this.#checkpointer.close();
  }
}
