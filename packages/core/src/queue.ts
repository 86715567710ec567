/** An event as the queue holds it: frozen and serialised when it was tracked. */
export interface QueuedEvent {
  /** Increases with every event of a tracker; it is the order in which events were accepted. */
  readonly id: number;
  /** Explicit events go before pageviews, and pageviews make room first. */
  readonly kind: 'event' | 'pageview';
  /** The contract's JSON body, as it will be sent. */
  readonly body: string;
  /** The size of `body` in UTF-8 bytes. */
  readonly bytes: number;
  /** When it happened, in epoch milliseconds. */
  readonly occurredAt: number;
}

/**
 * Where accepted events wait. A tracker owns its queue; all calls come from it, and none may throw.
 *
 * An event is in one of two states: waiting, or leased to the sender. `lease` moves it to the second, and from
 * there `settle` ends its life and `release` makes it wait again.
 */
export interface Queue {
  /** How many events wait; leased ones are not counted. */
  readonly length: number;

  /**
   * Whether what waits here outlives the process. If not, closing the tracker drops it with the reason `closed`.
   * @defaultValue false
   */
  readonly isDurable?: boolean;

  /**
   * Takes one event.
   *
   * @returns the events for which there is no room, for the tracker to report: the oldest pageviews, or, when
   * no pageview can make room, the new event itself. Empty when there was room.
   */
  push(event: QueuedEvent): readonly QueuedEvent[];

  /** Leases up to `limit` events to the sender: explicit events before pageviews, each kind in order. */
  lease(limit: number): QueuedEvent[];

  /** Leased events that were delivered or dropped: forgotten for good. */
  settle(events: readonly QueuedEvent[]): void;

  /** Leased events that must wait again, each before everything of its kind that is younger. */
  release(events: readonly QueuedEvent[]): void;
}
