import type { QueuedEvent } from '@successeve/core/queue';

/**
 * The waiting events of one kind in one share: the oldest in memory, at the front, and how many are behind them.
 * However long the queue is, only the front takes memory.
 */
export class Lane {
  #front: QueuedEvent[] = [];
  #head = 0;
  /** The last row that was brought to the front; those behind have greater ids. */
  lastRowId = 0;
  behind = 0;

  constructor(behind = 0) {
    this.behind = behind;
  }

  get atFront(): number {
    return this.#front.length - this.#head;
  }

  shift(): QueuedEvent | undefined {
    const event = this.#front[this.#head];
    if (event === undefined) return undefined;
    // More may have come behind it each time before it was empty: what was taken must not stay for as long.
    if (++this.#head * 2 >= this.#front.length) {
      this.#front = this.#front.slice(this.#head);
      this.#head = 0;
    }
    return event;
  }

  /** What `shift` would take. */
  get first(): QueuedEvent | undefined {
    return this.#front[this.#head];
  }

  append(event: QueuedEvent): void {
    this.#front.push(event);
  }

  /** Puts events back where they were, among those that came back before them. */
  putBack(events: readonly QueuedEvent[]): void {
    this.#front = [...events, ...this.#front.slice(this.#head)].sort((a, b) => a.id - b.id);
    this.#head = 0;
  }

  /** Takes those events of the front that fit a condition. */
  takeWhere(fits: (event: QueuedEvent) => boolean): QueuedEvent[] {
    const front = this.#front.slice(this.#head);
    this.#front = front.filter((event) => !fits(event));
    this.#head = 0;
    return front.filter(fits);
  }
}
