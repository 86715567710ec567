const chunkSize = 1024;

interface Chunk<T> {
  readonly items: (T | undefined)[];
  next: Chunk<T> | undefined;
}

/**
 * A first-in, first-out list that also takes items back at its front, every operation in constant time.
 *
 * Linked chunks rather than one array: removal from the front of an array is slow at 100 000 items, a growing ring
 * copies itself, and neither gives memory back.
 */
export class Deque<T> {
  #first: Chunk<T> = newChunk();
  #last: Chunk<T> = this.#first;
  /** Where the first item is in the first chunk. */
  #head = 0;
  /** Where the next item goes in the last chunk. */
  #tail = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get first(): T | undefined {
    return this.#length === 0 ? undefined : this.#first.items[this.#head];
  }

  push(item: T): void {
    if (this.#tail === chunkSize) {
      this.#last = this.#last.next = newChunk();
      this.#tail = 0;
    }
    this.#last.items[this.#tail++] = item;
    this.#length++;
  }

  unshift(item: T): void {
    if (this.#head === 0) {
      this.#first = newChunk(this.#first);
      this.#head = chunkSize;
    }
    this.#first.items[--this.#head] = item;
    this.#length++;
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#first.items[this.#head];
    this.#first.items[this.#head++] = undefined;
    this.#length--;
    if (this.#length === 0) {
      // Start again in the same chunk: a short queue then never allocates another.
      this.#first = this.#last;
      this.#head = this.#tail = 0;
    } else if (this.#head === chunkSize && this.#first.next) {
      this.#first = this.#first.next;
      this.#head = 0;
    }
    return item;
  }
}

function newChunk<T>(next?: Chunk<T>): Chunk<T> {
  return { items: new Array<T | undefined>(chunkSize), next };
}
