import type { QueuedEvent } from '@successeve/core/queue';
import { SettledRows } from './settled-rows.js';

/** How many of the oldest events of a lane are in memory, and how many are read from the file at once. */
export const pageSize = 256;

/**
 * The events of one kind in one share. Of those that wait, the oldest are in memory, at the front; the others are
 * counted. So the length of the queue takes no memory.
 */
export class Lane {
  #front: QueuedEvent[] = [];
  #head = 0;
  /** The id of the last row that came to the front; those behind have greater ids. */
  lastRowId = 0;
  behind: number;
  settled: SettledRows = new SettledRows();

  constructor(behind: number) {
    this.behind = behind;
  }

  get front(): QueuedEvent[] {
    return this.#front.slice(this.#head);
  }

  get atFront(): number {
    return this.#front.length - this.#head;
  }

  /** Adds a new event at the end. */
  push(event: QueuedEvent): void {
    this.behind++;
    if (this.behind === 1 && this.atFront < pageSize) this.advance(event, event.id);
  }

  /** Brings the first event from behind to the front. */
  advance(event: QueuedEvent, rowId: number): void {
    this.#front.push(event);
    this.lastRowId = rowId;
    this.behind--;
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

  /** Puts events back where they were, among those that came back earlier. */
  putBack(events: readonly QueuedEvent[]): void {
    this.#front = [...events, ...this.front].sort((a, b) => a.id - b.id);
    this.#head = 0;
  }

  /** Takes the events of the front that meet a condition. */
  takeWhere(matches: (event: QueuedEvent) => boolean): QueuedEvent[] {
    const { front } = this;
    const taken = front.filter(matches);
    this.#front = front.filter((event) => !matches(event));
    this.#head = 0;
    return taken;
  }

  /** Goes on with other rows, so many of them behind its front. */
  restart(behind: number): void {
    this.settled = new SettledRows();
    this.behind = behind;
  }
}
