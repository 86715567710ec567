import type { EntryRing } from './entry-ring.js';
import type { Matches } from './filter.js';

/** Rows of a list, the newest first. */
export interface Rows {
  readonly count: number;
  /** The `seq` in a row, from 0. */
  seqAt(row: number): number;
  /** The row of a `seq`, or -1. */
  rowOf(seq: number): number;
}

/**
 * The entries that match a filter, newest first. Existing entries are searched from the newest to the oldest, in several
 * steps; new ones are tested as they arrive.
 */
export class Matching implements Rows {
  readonly #ring: EntryRing;
  readonly #matches: Matches;
  /** Found by looking back, newest first. */
  readonly #before: number[] = [];
  /** Arrived since, oldest first. */
  #since: number[] = [];
  /** The index in `#since` of the first one that is still kept. */
  #sinceStart = 0;
  #next: number;

  constructor(ring: EntryRing, matches: Matches) {
    this.#ring = ring;
    this.#matches = matches;
    this.#next = ring.newest;
  }

  get count(): number {
    return this.#sinceCount + this.#before.length;
  }

  get isComplete(): boolean {
    return this.#next < this.#ring.oldest;
  }

  seqAt(row: number): number {
    const isSince = row < this.#sinceCount;
    const seq = isSince ? this.#since[this.#since.length - 1 - row] : this.#before[row - this.#sinceCount];
    return seq ?? 0;
  }

  rowOf(seq: number): number {
    const row = this.countAfter(seq);
    return row < this.count && this.seqAt(row) === seq ? row : -1;
  }

  /** How many came after a `seq`; they are in the first rows. */
  countAfter(seq: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.seqAt(middle) > seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Looks further back, until it is complete or the time is up. */
  look(forMs: number): void {
    const end = performance.now() + forMs;
    while (!this.isComplete) {
      const stop = Math.max(this.#ring.oldest, this.#next - 999);
      for (; this.#next >= stop; this.#next--) {
        const entry = this.#ring.get(this.#next);
        if (entry && this.#matches(entry)) this.#before.push(this.#next);
      }
      if (performance.now() >= end) return;
    }
  }

  /** Looks at an entry that has just been added to the ring. */
  arrived(seq: number): void {
    const entry = this.#ring.get(seq);
    if (entry && this.#matches(entry)) this.#since.push(seq);
  }

  /** Removes the entries that the ring has forgotten. */
  trim(): void {
    const { oldest } = this.#ring;
    while ((this.#before.at(-1) ?? oldest) < oldest) this.#before.pop();
    while ((this.#since[this.#sinceStart] ?? oldest) < oldest) this.#sinceStart++;
    if (this.#sinceStart > 10_000) {
      this.#since = this.#since.slice(this.#sinceStart);
      this.#sinceStart = 0;
    }
  }

  get #sinceCount(): number {
    return this.#since.length - this.#sinceStart;
  }
}
