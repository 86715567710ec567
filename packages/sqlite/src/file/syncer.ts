import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TrackingError } from '@successeve/core';

interface Waiter {
  /** The id of the last event that must be on the disk. */
  readonly lastId: number;
  readonly resolve: () => void;
}

/** How long to wait before a sync that failed is tried again. */
const retryMs = 1000;

/** Syncs the file to the disk for the callers of `persisted()`, since a commit alone does not survive a power failure. */
export class Syncer {
  readonly #path: string;
  readonly #report: (error: TrackingError) => void;
  readonly #onRetry: () => void;
  #waiters: Waiter[] = [];
  /** The sync that covers every commit so far; none where it has yet to start. */
  #synced: Promise<void> | undefined = Promise.resolve();
  #isFolderSynced = false;
  #isFailing = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param onRetry - is called when it is time to resolve again: nothing else may happen until then. */
  constructor(path: string, report: (error: TrackingError) => void, onRetry: () => void) {
    this.#path = path;
    this.#report = report;
    this.#onRetry = onRetry;
  }

  get isAwaited(): boolean {
    return this.#waiters.length > 0;
  }

  wait(lastId: number): Promise<void> {
    return new Promise((resolve) => this.#waiters.push({ lastId, resolve }));
  }

  /** Takes note of a commit. */
  wrote(): void {
    this.#synced = undefined;
  }

  /** Resolves the waits for events below `firstUnwrittenId`, once those events have reached the disk itself. */
  resolveBelow(firstUnwrittenId: number): void {
    const isDone = ({ lastId }: Waiter): boolean => lastId < firstUnwrittenId;
    const done = this.#waiters.filter(isDone);
    if (done.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => !isDone(waiter));
    this.#synced ??= this.#sync();
    void this.#synced.then(
      () => {
        this.#isFailing = false;
        for (const { resolve } of done) resolve();
      },
      (cause) => {
        this.#synced = undefined;
        this.#waiters.unshift(...done);
        this.#failed(cause);
      },
    );
  }

  /** Lets the process end: the queue is closed. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.unref();
  }

  #failed(cause: Error): void {
    if (!this.#isFailing) {
      this.#isFailing = true;
      const message = `the queue's file ${this.#path} cannot be synced to the disk (${cause.message}): persisted() waits until it can`;
      this.#report(new TrackingError('queue_failed', message, { cause }));
    }
    clearTimeout(this.#timer);
    // A caller waits, so the timer holds the process open.
    this.#timer = setTimeout(this.#onRetry, retryMs);
    if (this.#isClosed) this.#timer.unref();
  }

  /**
   * Runs in Node's thread pool, so that only callers of `persisted()` wait for it. The WAL is enough: SQLite has synced
   * the file itself with everything that left the WAL.
   */
  async #sync(): Promise<void> {
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
