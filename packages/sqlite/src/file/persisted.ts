import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TrackingError } from '@successeve/core';

interface Waiter {
  /** The last event that it is about. */
  readonly lastId: number;
  readonly resolve: () => void;
}

/** How long a disk is left alone that could not be synced. */
const retryMs = 1000;

/** Those who wait until what they tracked is on disk. */
export class Persisted {
  readonly #path: string;
  readonly #onTrouble: (error: TrackingError) => void;
  readonly #onRetry: () => void;
  #waiters: Waiter[] = [];
  /** Whether something was written since the file was last synced. */
  #isUnsynced = false;
  #syncing: Promise<void> = Promise.resolve();
  #isFolderSynced = false;
  #isFailing = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param onRetry - is called when it is time to check again: nothing else may happen until then. */
  constructor(path: string, onTrouble: (error: TrackingError) => void, onRetry: () => void) {
    this.#path = path;
    this.#onTrouble = onTrouble;
    this.#onRetry = onRetry;
  }

  get isAwaited(): boolean {
    return this.#waiters.length > 0;
  }

  wait(lastId: number): Promise<void> {
    return new Promise((resolve) => this.#waiters.push({ lastId, resolve }));
  }

  /** Something was written. */
  wrote(): void {
    this.#isUnsynced = true;
  }

  /** Tells those who wait for events below `firstUnwrittenId`, once those have reached the disk itself. */
  check(firstUnwrittenId: number): void {
    const isDone = ({ lastId }: Waiter): boolean => lastId < firstUnwrittenId;
    const done = this.#waiters.filter(isDone);
    if (done.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => !isDone(waiter));
    void this.#sync().then(
      () => {
        this.#isFailing = false;
        for (const { resolve } of done) resolve();
      },
      (cause) => {
        // The disk failed after it took the data.
        this.#isUnsynced = true;
        this.#waiters.unshift(...done);
        this.#failed(cause);
      },
    );
  }

  /** The queue is closed: from now on it holds no process open. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.unref();
  }

  #failed(cause: Error): void {
    if (!this.#isFailing) {
      this.#isFailing = true;
      const message = `the queue's file cannot be synced to the disk (${cause.message}): persisted() waits until it can`;
      this.#onTrouble(new TrackingError('queue_failed', message, { cause }));
    }
    clearTimeout(this.#timer);
    // Somebody waits, so it holds the process open.
    this.#timer = setTimeout(this.#onRetry, retryMs);
    if (this.#isClosed) this.#timer.unref();
  }

  /**
   * Makes what was committed survive a power failure too. In Node's pool of threads, so that nobody waits for it who
   * did not ask. What is no longer in the WAL was synced by SQLite when it left.
   */
  #sync(): Promise<void> {
    if (this.#isUnsynced) {
      this.#isUnsynced = false;
      this.#syncing = this.#startSync();
    }
    // What was written before may still be on its way.
    return this.#syncing;
  }

  async #startSync(): Promise<void> {
    await syncFile(`${this.#path}-wal`, 'r+');
    if (this.#isFolderSynced || process.platform === 'win32') return;
    await syncFile(dirname(this.#path), 'r');
    this.#isFolderSynced = true;
  }
}

async function syncFile(path: string, flags: string): Promise<void> {
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return;
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
