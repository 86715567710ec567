import type { QueuedEvent } from '@successeve/core/queue';
import { SettledRows } from './settled-rows.js';

/** How many of the oldest events of a lane are in memory, and how many are read from the file at once. */
export const pageSize = 256;

/** A number of events, and the bytes of their bodies. */
export class Amount {
  events: number;
  bytes: number;

  constructor(events = 0, bytes = 0) {
    this.events = events;
    this.bytes = bytes;
  }

  add({ bytes }: { readonly bytes: number }): void {
    this.events++;
    this.bytes += bytes;
  }

  subtract({ bytes }: { readonly bytes: number }): void {
    this.events--;
    this.bytes -= bytes;
  }
}

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
  /** The bytes of all that wait. */
  bytes: number;
  settled: SettledRows = new SettledRows();

  constructor(behind = 0, bytes = 0) {
    this.behind = behind;
    this.bytes = bytes;
  }

  get atFront(): number {
    return this.#front.length - this.#head;
  }

  /** Adds a new event at the end. */
  push(event: QueuedEvent): void {
    this.behind++;
    this.bytes += event.bytes;
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
    this.bytes -= event.bytes;
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
    this.#front = [...events, ...this.#front.slice(this.#head)].sort((a, b) => a.id - b.id);
    this.#head = 0;
    for (const { bytes } of events) this.bytes += bytes;
  }

  /** Takes the events of the front that meet a condition. */
  takeWhere(matches: (event: QueuedEvent) => boolean): QueuedEvent[] {
    const front = this.#front.slice(this.#head);
    const taken = front.filter(matches);
    this.#front = front.filter((event) => !matches(event));
    this.#head = 0;
    for (const { bytes } of taken) this.bytes -= bytes;
    return taken;
  }

  /** Takes an event from behind. */
  takeBehind({ bytes }: QueuedEvent): void {
    this.behind--;
    this.bytes -= bytes;
  }

  /** Goes on with other rows, so many of them behind its front. */
  restart(behind: Readonly<Amount>): void {
    this.settled = new SettledRows();
    this.behind = behind.events;
    this.bytes = behind.bytes;
    for (const { bytes } of this.#front.slice(this.#head)) this.bytes += bytes;
  }
}
