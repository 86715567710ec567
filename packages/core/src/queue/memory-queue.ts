import { invalidOption } from '../errors.js';
import { Deque } from './deque.js';
import { type EventKind, eventKinds, type Queue, type QueuedEvent } from './queue.js';

export interface MemoryQueueOptions {
  /**
   * Most events held, those being sent included.
   * @defaultValue 100 000
   */
  maxEvents?: number;
  /**
   * Most bytes of event bodies held, those being sent included.
   * @defaultValue 64 MiB
   */
  maxBytes?: number;
}

const nothingDropped: readonly QueuedEvent[] = [];

/**
 * A queue in the memory of this process: its events are lost when the process ends. `persisted()` has nothing to
 * wait for here, and resolves at once.
 *
 * When it is full, the oldest pageview makes room; when there is none, the new event is dropped.
 */
export function memoryQueue(options: MemoryQueueOptions = {}): Queue {
  return new MemoryQueue(options);
}

class MemoryQueue implements Queue {
  readonly #lanes: Readonly<Record<EventKind, Deque<QueuedEvent>>> = {
    account: new Deque(),
    contact: new Deque(),
    event: new Deque(),
    pageview: new Deque(),
  };
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  /** Waiting and leased events, and the bytes of both. */
  #heldEvents = 0;
  #heldBytes = 0;
  /** The bytes of waiting pageviews: what could still make room. */
  #pageviewBytes = 0;

  constructor({ maxEvents, maxBytes }: MemoryQueueOptions) {
    this.#maxEvents = positiveInteger('maxEvents', maxEvents ?? 100_000);
    this.#maxBytes = positiveInteger('maxBytes', maxBytes ?? 64 * 1024 * 1024);
  }

  get length(): number {
    const { account, contact, event, pageview } = this.#lanes;
    return account.length + contact.length + event.length + pageview.length;
  }

  push(event: QueuedEvent): readonly QueuedEvent[] {
    const dropped = this.#hasRoomFor(event) ? nothingDropped : this.#makeRoomFor(event);
    if (dropped[0] === event) return dropped;
    this.#lanes[event.kind].push(event);
    this.#heldEvents++;
    this.#heldBytes += event.bytes;
    if (event.kind === 'pageview') this.#pageviewBytes += event.bytes;
    return dropped;
  }

  lease(limit: number): QueuedEvent[] {
    const { account, contact, event: explicit } = this.#lanes;
    const leased: QueuedEvent[] = [];
    while (leased.length < limit) {
      const event = account.shift() ?? contact.shift() ?? explicit.shift() ?? this.#shiftPageview();
      if (!event) break;
      leased.push(event);
    }
    return leased;
  }

  settle(events: readonly QueuedEvent[]): void {
    for (const event of events) {
      this.#heldEvents--;
      this.#heldBytes -= event.bytes;
    }
  }

  release(events: readonly QueuedEvent[]): void {
    for (const kind of eventKinds) {
      putBack(
        this.#lanes[kind],
        events.filter((event) => event.kind === kind),
      );
    }
    for (const event of events) if (event.kind === 'pageview') this.#pageviewBytes += event.bytes;
  }

  close(): readonly QueuedEvent[] {
    const lost = this.lease(this.length);
    this.settle(lost);
    return lost;
  }

  #hasRoomFor({ bytes }: QueuedEvent): boolean {
    return this.#heldEvents < this.#maxEvents && this.#heldBytes + bytes <= this.#maxBytes;
  }

  #makeRoomFor(event: QueuedEvent): readonly QueuedEvent[] {
    const canMakeRoom =
      this.#lanes.pageview.length > 0 &&
      this.#heldBytes - this.#pageviewBytes + event.bytes <= this.#maxBytes;
    if (!canMakeRoom) return [event];
    const dropped: QueuedEvent[] = [];
    while (!this.#hasRoomFor(event)) {
      const oldest = this.#shiftPageview();
      if (!oldest) break;
      this.settle([oldest]);
      dropped.push(oldest);
    }
    return dropped;
  }

  #shiftPageview(): QueuedEvent | undefined {
    const event = this.#lanes.pageview.shift();
    if (event) this.#pageviewBytes -= event.bytes;
    return event;
  }
}

/** Puts events where they were. Others may have come back already, so the first of the lane may be older. */
function putBack(lane: Deque<QueuedEvent>, events: readonly QueuedEvent[]): void {
  const youngestId = events.reduce((youngest, { id }) => Math.max(youngest, id), Number.NEGATIVE_INFINITY);
  const moved = [...events];
  while (lane.first && lane.first.id < youngestId) moved.push(lane.shift() as QueuedEvent);
  moved.sort((a, b) => b.id - a.id);
  for (const event of moved) lane.unshift(event);
}

function positiveInteger(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw invalidOption(name, 'a positive integer', value);
}
