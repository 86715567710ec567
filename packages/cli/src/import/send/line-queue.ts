import type { Queue, TrackingError } from '@successeve/core';
import type { Digests, QueuedEvent } from '@successeve/core/queue';
import type { Line } from '../read/line.js';

/** Lines were delivered, or rejected by the API. */
type OnSettled = (lines: readonly Line[], rejection: TrackingError | undefined) => void;

/**
 * The queue of an import: the lines that were read, a window that moves over the file. They are sent in the order of
 * the file, pageviews too, since none has to make room.
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
   * @param occurredAt - the time in the line, if it has one
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

  /** Leases no more lines. Those in flight are still settled. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Unsettled lines are read again from the file. */
  close(): readonly QueuedEvent[] {
    return [];
  }
}

/** No update is skipped as a repetition: the last line of a contact in the file has to win. */
const noDigests: Digests = { get: () => undefined, set() {}, delete() {} };

/** A line without a time gets that of its request: sent as a single event, it carries no `created_at`. */
function happensWhenSent(event: QueuedEvent): QueuedEvent {
  return {
    ...event,
    get occurredAt() {
      return Date.now();
    },
  };
}
