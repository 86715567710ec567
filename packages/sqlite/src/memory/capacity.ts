import type { QueuedEvent } from '@successeve/core/queue';
import type { SqliteQueueOptions } from '../options.js';
import type { ReadAhead } from './read-ahead.js';
import type { Shares } from './shares.js';

/** The limits of the queue, over all processes. */
type Limits = Required<Pick<SqliteQueueOptions, 'maxEvents' | 'maxBytes'>>;

const nothingDropped: readonly QueuedEvent[] = [];

/** Decides whether a new event fits, and drops pageviews to make room. */
export class Capacity {
  readonly #limits: Limits;
  readonly #shares: Shares;
  readonly #readAhead: ReadAhead;

  constructor(limits: Limits, shares: Shares, readAhead: ReadAhead) {
    this.#limits = limits;
    this.#shares = shares;
    this.#readAhead = readAhead;
  }

  /**
   * Makes room for a new event.
   *
   * @returns the events to drop: the oldest pageviews; or the event itself first, where there is no room for it.
   */
  reserve(event: QueuedEvent): readonly QueuedEvent[] {
    if (this.#hasRoomFor(event)) return nothingDropped;
    if (!this.#canMakeRoomFor(event)) return [event];
    const dropped: QueuedEvent[] = [];
    while (!this.#hasRoomFor(event)) {
      const oldest = this.#shiftPageview(event);
      if (!oldest) return [event, ...dropped];
      this.#shares.settle(oldest);
      dropped.push(oldest);
    }
    return dropped;
  }

  #hasRoomFor({ bytes }: QueuedEvent): boolean {
    const { unwritten, elsewhere, all } = this.#shares;
    if (!unwritten.hasRoomFor(bytes)) return false;
    let { events: allEvents, bytes: allBytes } = elsewhere;
    for (const { held } of all) {
      allEvents += held.events;
      allBytes += held.bytes;
    }
    return allEvents < this.#limits.maxEvents && allBytes + bytes <= this.#limits.maxBytes;
  }

  #canMakeRoomFor({ bytes }: QueuedEvent): boolean {
    let pageviewBytes = 0;
    let otherBytes = this.#shares.elsewhere.bytes;
    for (const { held, waitingPageviewBytes } of this.#shares.all) {
      pageviewBytes += waitingPageviewBytes;
      otherBytes += held.bytes - waitingPageviewBytes;
    }
    return pageviewBytes > 0 && otherBytes + bytes <= this.#limits.maxBytes;
  }

  #shiftPageview({ bytes }: QueuedEvent): QueuedEvent | undefined {
    // Memory is full, as on a failing disk: only an event in memory makes room there.
    if (!this.#shares.unwritten.hasRoomFor(bytes)) return this.#shares.shiftUnwritten();
    return this.#readAhead.shift('pageview');
  }
}
