import { type EventKind, eventKinds, type QueuedEvent } from '@successeve/core/queue';
import { forEachKind } from '../file/schema.js';

/** Most events that may be in memory only. That is reached where the disk fails, or in one very long turn of the event loop. */
const maxEvents = 100_000;
const maxBytes = 64 * 1024 * 1024;

/** Events of our own that are not in the file yet, in order. */
export class Unwritten {
  readonly #events: Readonly<Record<EventKind, Map<number, QueuedEvent>>> = forEachKind(() => new Map());
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** The id of the oldest. */
  get firstId(): number {
    return Math.min(...eventKinds.map((kind) => this.#events[kind].keys().next().value ?? Infinity));
  }

  hasRoomFor(bytes: number): boolean {
    return this.#size < maxEvents && this.#bytes + bytes <= maxBytes;
  }

  has({ kind, id }: QueuedEvent): boolean {
    return this.#events[kind].has(id);
  }

  add(event: QueuedEvent): void {
    this.#events[event.kind].set(event.id, event);
    this.#bytes += event.bytes;
  }

  /** @returns whether it was there. */
  delete({ kind, id, bytes }: QueuedEvent): boolean {
    const wasThere = this.#events[kind].delete(id);
    if (wasThere) this.#bytes -= bytes;
    return wasThere;
  }

  /** The events of a kind that are younger than an id. */
  *after(kind: EventKind, id: number): Generator<QueuedEvent> {
    for (const event of this.#events[kind].values()) if (event.id > id) yield event;
  }

  /** The oldest of each kind, `limit` at most. */
  next(limit: number): QueuedEvent[] {
    const next: QueuedEvent[] = [];
    for (const kind of eventKinds) {
      for (const event of this.#events[kind].values()) {
        if (next.length === limit) return next;
        next.push(event);
      }
    }
    return next;
  }

  get #size(): number {
    return eventKinds.reduce((sum, kind) => sum + this.#events[kind].size, 0);
  }
}
