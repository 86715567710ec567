import type { Store } from './store.js';

/** How many pages of 4 KiB one step cuts off, about a millisecond of work, and how many empty ones the file may keep. */
const pagesAtOnce = 200;
const pagesWhenIdle = 64;
const pagesInUse = 4096;

/** How long it may hold up the end of a process; the next process does the rest. */
const maxMsAtEnd = 100;

/** Gives the file's empty pages back to the disk, a little at a time. */
export class Shrinker {
  /** Whether pages may have become empty. */
  isDue = false;
  #hasShrunk = false;

  /** Takes one step. Returns whether it was the last one after others: the file gets smaller with the next checkpoint. */
  step(store: Store, isIdle: boolean): boolean {
    // A file in use would only grow again.
    this.isDue = store.freePages > (isIdle ? pagesWhenIdle : pagesInUse);
    if (this.isDue) store.shrink(pagesAtOnce);
    const isFinished = this.#hasShrunk && !this.isDue;
    this.#hasShrunk = this.isDue;
    return isFinished;
  }

  finish(store: Store): void {
    const giveUpAt = Date.now() + maxMsAtEnd;
    while (store.freePages > pagesWhenIdle && Date.now() < giveUpAt) store.shrink(pagesAtOnce);
  }
}
