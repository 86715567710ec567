import type { Queue, TrackingError } from '@successeve/core';
import type { Digests, QueuedEvent } from '@successeve/core/queue';
import type { Line } from '../read/line.js';

/** Told when the life of lines ends: the API took them, or, where it refused them for good, the `rejection`. */
type OnSettled = (lines: readonly Line[], rejection: TrackingError | undefined) => void;

/**
 * The lines that were read, waiting to be sent: a window that moves over the file. They go in the order of the file,
 * pageviews too, since none of them has to make room.
 */
export class LineQueue implements Queue {
  readonly digests: Digests = noDigests;
  readonly #onSettled: OnSettled;
  /** In the order of the file. */
  readonly #waiting: QueuedEvent[] = [];
  /** The line of each event that is not settled, by the event's id. */
  readonly #lines = new Map<number, Line>();
  #added: { readonly line: Line; readonly occurredAt: Date | undefined } | undefined;
  #isStopped = false;

  constructor(onSettled: OnSettled) {
    this.#onSettled = onSettled;
  }

  get length(): number {
    return this.#isStopped ? 0 : this.#waiting.length;
  }

  /**
   * Runs the call to the tracker that pushes a line.
   *
   * @param occurredAt - when it happened, where the line says so
   */
  add(line: Line, occurredAt: Date | undefined, call: () => void): void {
    this.#added = { line, occurredAt };
    call();
  }

  push(event: QueuedEvent): readonly QueuedEvent[] {
    if (!this.#added) return [event];
    const { line, occurredAt } = this.#added;
    this.#lines.set(event.id, line);
    this.#waiting.push(occurredAt ? { ...event, occurredAt: occurredAt.getTime() } : happensWhenSent(event));
    return [];
  }

  lease(limit: number): QueuedEvent[] {
    return this.#isStopped ? [] : this.#waiting.splice(0, limit);
  }

  settle(events: readonly QueuedEvent[], rejection?: TrackingError): void {
    const lines = events.flatMap(({ id }) => this.#lines.get(id) ?? []);
    for (const { id } of events) this.#lines.delete(id);
    this.#onSettled(lines, rejection);
  }

  release(events: readonly QueuedEvent[]): void {
    this.#waiting.push(...events);
    this.#waiting.sort((a, b) => a.id - b.id);
  }

  /** Lets no more lines go. Those under way are still settled. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Nothing is lost: what is not settled is read again from the file. */
  close(): readonly QueuedEvent[] {
    return [];
  }
}

/** Every line is told, whatever was told before: what the file says of a contact last is what has to stay. */
const noDigests: Digests = { get: () => undefined, set() {}, delete() {} };

/** The time at which it was read means nothing: sent on its own, such an event carries no `created_at`. */
function happensWhenSent(event: QueuedEvent): QueuedEvent {
  return {
    ...event,
    get occurredAt() {
      return Date.now();
    },
  };
}
