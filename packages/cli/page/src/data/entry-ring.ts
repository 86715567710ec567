import type { Entry } from './entry.js';
import { searchText } from './search-text.js';

/**
 * The newest entries, up to a capacity. They are in arrays, indexed by their `seq`, so that adding, finding and deleting
 * cost the same for ten entries and for a hundred thousand.
 */
export class EntryRing {
  readonly capacity: number;
  /** The oldest `seq` that may be kept. */
  oldest: number = 1;
  newest: number = 0;
  readonly #entries: (Entry | undefined)[];
  readonly #texts: (string | undefined)[];
  readonly #onForget: (entry: Entry) => void;

  /** @param onForget - called with each entry that makes room for another, or is cleared */
  constructor(capacity: number, onForget: (entry: Entry) => void) {
    this.capacity = capacity;
    this.#entries = new Array(capacity).fill(undefined);
    this.#texts = new Array(capacity).fill(undefined);
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

  /** The text of an entry for the search, made on first use. */
  textOf(entry: Entry): string {
    const slot = entry.seq % this.capacity;
    this.#texts[slot] ??= searchText(entry);
    return this.#texts[slot];
  }

  /** Forgets everything up to a `seq`. */
  forget(upTo: number): void {
    const last = Math.min(upTo, this.newest);
    for (let seq = this.oldest; seq <= last; seq++) {
      const entry = this.get(seq);
      if (!entry) continue;
      this.#entries[seq % this.capacity] = undefined;
      this.#texts[seq % this.capacity] = undefined;
      this.#onForget(entry);
    }
    this.oldest = Math.max(this.oldest, upTo + 1);
  }
}
