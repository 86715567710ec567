import type { TrackingError } from '@successeve/core';
import { Checkpointer } from './file/checkpointer.js';
import { Disk } from './file/disk.js';
import { patienceMs } from './file/open-database.js';
import { Shrinker } from './file/shrinker.js';
import type { Store } from './file/store.js';
import type { Identity } from './identity.js';
import type { Shares } from './memory/shares.js';
import { DeliveryLog } from './recovery/delivery-log.js';
import { Mover } from './recovery/mover.js';

/** The queue's file: the disk, and what keeps the file in place and small. */
export class QueueFile extends Disk {
  readonly deliveryLog: DeliveryLog;
  readonly #shares: Shares;
  readonly #checkpointer: Checkpointer;
  readonly #shrinker = new Shrinker();
  readonly #mover: Mover;

  /**
   * @param report - is called once at the beginning of each problem.
   * @throws TrackingError with the code `invalid_options` where the path is at fault.
   */
  constructor(identity: Identity, shares: Shares, report: (error: TrackingError) => void) {
    super(identity, report);
    this.deliveryLog = new DeliveryLog(identity);
    this.#shares = shares;
    this.#checkpointer = new Checkpointer(identity.path);
    this.#mover = new Mover(shares, this);
  }

  /** Returns whether the file at the path is the open one, if need be after a move to a new one. */
  ensureInPlace(): boolean {
    return this.#mover.ensureInPlace(() => {
      this.deliveryLog.delete();
      // Its thread has the old file open.
      this.#checkpointer.close();
    });
  }

  /** Counts bytes that were written to the WAL, which needs a checkpoint now and then. Removed rows let the file shrink. */
  wrote(bytes: number, removedRows = 0): void {
    this.#checkpointer.wrote(bytes);
    if (removedRows > 0) this.#shrinker.isDue = true;
  }

  /** Takes one step of shrinking. Returns whether another is due. */
  shrink(): boolean {
    if (!this.#shrinker.isDue || this.isBackingOff) return false;
    const isIdle = this.#shares.length === 0;
    const isFinished = this.attempt('delete', (store) => this.#shrinker.step(store, isIdle));
    if (isFinished) this.#checkpointer.run();
    return isFinished !== undefined && this.#shrinker.isDue;
  }

  /** @param lastWork - runs in a last transaction, if the file can be written. */
  finish(lastWork: (store: Store) => void): void {
    this.ensureInPlace();
    this.attempt('lease', (store) => {
      store.waitForOthers(patienceMs);
      store.transaction(() => lastWork(store));
      this.#shrinker.finish(store);
    });
    this.close();
    this.#checkpointer.close();
  }
}
