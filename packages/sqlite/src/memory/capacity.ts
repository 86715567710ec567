import type { QueuedEvent } from '@successeve/core/queue';
import type { Front } from './read-ahead.js';
import type { Shares } from './shares.js';

/** The limits of the queue, over all processes. */
export interface Limits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

const nothingDropped: readonly QueuedEvent[] = [];

/** Whether a new event fits, and what makes room for it. */
export class Room {
  readonly #limits: Limits;
  readonly #shares: Shares;
  readonly #front: Front;
  readonly #emptyMemory: () => void;

  /** @param emptyMemory - brings to the file what is in memory only, if that can be done now. */
  constructor(limits: Limits, shares: Shares, front: Front, emptyMemory: () => void) {
    this.#limits = limits;
    this.#shares = shares;
    this.#front = front;
    this.#emptyMemory = emptyMemory;
  }

  /** @returns the oldest pageviews, which made room, or the event itself, for which there is none. */
  makeFor(event: QueuedEvent): readonly QueuedEvent[] {
    // A turn so long that the disk has not had its own: it gets one now.
    if (!this.#shares.unwritten.hasRoomFor(event.bytes)) this.#emptyMemory();
    if (this.#isThereFor(event)) return nothingDropped;
    if (!this.#canBeMadeFor(event)) return [event];
    const dropped: QueuedEvent[] = [];
    while (!this.#isThereFor(event)) {
      const oldest = this.#shiftPageview(event);
      if (!oldest) return [event, ...dropped];
      this.#shares.end(oldest);
      dropped.push(oldest);
    }
    return dropped;
  }

  #isThereFor({ bytes }: QueuedEvent): boolean {
    const { unwritten, elsewhere, own, adopted } = this.#shares;
    if (!unwritten.hasRoomFor(bytes)) return false;
    let allEvents = elsewhere.events + own.held.events;
    let allBytes = elsewhere.bytes + own.held.bytes;
    for (const { held } of adopted) {
      allEvents += held.events;
      allBytes += held.bytes;
    }
    return allEvents < this.#limits.maxEvents && allBytes + bytes <= this.#limits.maxBytes;
  }

  #canBeMadeFor({ bytes }: QueuedEvent): boolean {
    let sheddable = 0;
    let unsheddableBytes = this.#shares.elsewhere.bytes;
    for (const share of this.#shares.all) {
      sheddable += share.sheddable.events;
      unsheddableBytes += share.held.bytes - share.sheddable.bytes;
    }
    return sheddable > 0 && unsheddableBytes + bytes <= this.#limits.maxBytes;
  }

  #shiftPageview({ bytes }: QueuedEvent): QueuedEvent | undefined {
    // While the disk fails, memory is what is full, and no event of the file makes room there.
    if (!this.#shares.unwritten.hasRoomFor(bytes)) return this.#shares.shiftUnwritten();
    return this.#front.shift('pageview');
  }
}
