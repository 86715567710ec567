import type { Checkpointer } from './checkpointer.js';
import type { Disk } from './disk.js';
import type { Store } from './store.js';

/** The file is cut to size in steps of about a millisecond; so many empty pages it may keep, idle and in use. */
const pagesAtOnce = 200;
const pagesWhenIdle = 64;
const pagesInUse = 4096;

/** How long the end of a process may take for it; what is left is for the next. */
const maxMsAtEnd = 100;

/** Gives back what the file no longer needs, a little at a time. */
export class Shrinker {
  readonly #disk: Disk;
  readonly #checkpointer: Checkpointer;
  readonly #isIdle: () => boolean;
  #isDue = false;
  #hasShrunk = false;

  constructor(disk: Disk, checkpointer: Checkpointer, isIdle: () => boolean) {
    this.#disk = disk;
    this.#checkpointer = checkpointer;
    this.#isIdle = isIdle;
  }

  /** Something left the file. */
  freed(): void {
    this.#isDue = true;
  }

  /** Takes one step; tells whether another is due. */
  run(): boolean {
    if (!this.#isDue || this.#disk.isResting) return false;
    const isDone = this.#disk.attempt((store) => {
      // While it is in use it would only grow again.
      if (store.freePages <= (this.#isIdle() ? pagesWhenIdle : pagesInUse)) return true;
      store.shrink(pagesAtOnce);
      this.#hasShrunk = true;
      return false;
    });
    this.#isDue = !isDone;
    if (isDone && this.#hasShrunk) {
      this.#hasShrunk = false;
      // The file itself becomes smaller with the next checkpoint.
      this.#checkpointer.run();
    }
    return isDone === false;
  }

  /** Does what can be done of it now: the process ends. */
  runAtEnd(store: Store): void {
    const giveUpAt = Date.now() + maxMsAtEnd;
    while (store.freePages > pagesWhenIdle && Date.now() < giveUpAt) store.shrink(pagesAtOnce);
  }
}
