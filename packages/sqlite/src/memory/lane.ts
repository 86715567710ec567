import type { QueuedEvent } from '@successeve/core/queue';

/**
 * The waiting events of one kind in one share: the oldest are in memory, at the front; the others are counted. So the
 * length of the queue takes no memory.
 */
export class Lane {
  #front: QueuedEvent[] = [];
  #head = 0;
  /** The id of the last row that came to the front; those behind have greater ids. */
  lastRowId = 0;
  behind: number;

  constructor(behind = 0) {
    this.behind = behind;
  }

  get atFront(): number {
    return this.#front.length - this.#head;
  }

  shift(): QueuedEvent | undefined {
    const event = this.#front[this.#head];
    if (event === undefined) return undefined;
    // An array that never runs empty must not keep the events that were taken.
    if (++this.#head * 2 >= this.#front.length) {
      this.#front = this.#front.slice(this.#head);
      this.#head = 0;
    }
    return event;
  }

  /** The event that `shift` would take. */
  get first(): QueuedEvent | undefined {
    return this.#front[this.#head];
  }

  append(event: QueuedEvent): void {
    this.#front.push(event);
  }

  /** Puts events back where they were, among those that came back earlier. */
  putBack(events: readonly QueuedEvent[]): void {
    this.#front = [...events, ...this.#front.slice(this.#head)].sort((a, b) => a.id - b.id);
    this.#head = 0;
  }

  /** Takes the events of the front that meet a condition. */
  takeWhere(matches: (event: QueuedEvent) => boolean): QueuedEvent[] {
    const front = this.#front.slice(this.#head);
    this.#front = front.filter((event) => !matches(event));
    this.#head = 0;
    return front.filter(matches);
  }
}
