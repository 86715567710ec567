import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

interface Waiter {
  /** The last event that it is about. */
  readonly lastId: number;
  readonly resolve: () => void;
}

/** Those who wait until what they tracked is on disk. */
export class Persisted {
  readonly #path: string;
  #waiters: Waiter[] = [];
  /** Whether something was written since the file was last synced. */
  #isUnsynced = false;
  #isFolderSynced = false;

  constructor(path: string) {
    this.#path = path;
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
        for (const { resolve } of done) resolve();
      },
      () => {
        // The disk failed after it took the data. They wait for the next write, or for their events to end.
        this.#isUnsynced = true;
        this.#waiters.unshift(...done);
      },
    );
  }

  /**
   * Makes what was committed survive a power failure too. In Node's pool of threads, so that nobody waits for it who
   * did not ask. What is no longer in the WAL was synced by SQLite when it left.
   */
  async #sync(): Promise<void> {
    if (!this.#isUnsynced) return;
    this.#isUnsynced = false;
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
