import type { Entry } from './entry.js';

/**
 * The newest entries, up to a capacity. They are in an array, indexed by their `seq`, so that adding, finding and deleting
 * cost the same for ten entries and for a hundred thousand.
 */
export class EntryRing {
  readonly capacity: number;
  /** The oldest `seq` that may be kept. */
  oldest: number = 1;
  newest: number = 0;
  readonly #entries: (Entry | undefined)[];
  readonly #onForget: (entry: Entry) => void;

  /** @param onForget - called with each entry that makes room for another, or is cleared */
  constructor(capacity: number, onForget: (entry: Entry) => void) {
    this.capacity = capacity;
    this.#entries = new Array(capacity).fill(undefined);
    this.#onForget = onForget;
  }

  /** Adds an entry, and returns whether it is new: after a reconnection some come twice. */
  add(entry: Entry): boolean {
    if (entry.seq <= this.newest) return false;
    this.forget(entry.seq - this.capacity);
    this.newest = entry.seq;
    this.#entries[entry.seq % this.capacity] = entry;
    return true;
  }

  get(seq: number): Entry | undefined {
    const entry = this.#entries[seq % this.capacity];
    return entry?.seq === seq ? entry : undefined;
  }

  /** Forgets everything up to a `seq`. */
  forget(upTo: number): void {
    const last = Math.min(upTo, this.newest);
    for (let seq = this.oldest; seq <= last; seq++) {
      const entry = this.get(seq);
      if (!entry) continue;
      this.#entries[seq % this.capacity] = undefined;
      this.#onForget(entry);
    }
    this.oldest = Math.max(this.oldest, upTo + 1);
  }
}
