import type { TrackingError } from '../errors.js';
import type { QueuedEvent } from '../queue/queue.js';
import type { RateLimit } from './rate-limit.js';

/** The most sockets, and so the most requests in flight, of one tracker. Our choice: enough to fill a round trip. */
export const maxSockets = 16;

/** The outcome of one attempt to send. */
export type SendResult = (
  | { readonly status: 'delivered' }
  /** The token's budget is used up; nothing was taken. */
  | { readonly status: 'rate_limited' }
  /**
   * The other side is unavailable; `error.status` is set if it responded. An event that fails in this way again and
   * again, while others are delivered, counts as faulty and is dropped in the end, unless `areInnocent` says that no
   * event is the cause.
   */
  | { readonly status: 'unavailable'; readonly error: TrackingError; readonly areInnocent?: boolean }
  /** The other side rejects everything: a fault of the set-up. */
  | { readonly status: 'misconfigured'; readonly error: TrackingError }
  /** The other side rejects these events. With more than one, the sender looks for the offender. */
  | { readonly status: 'rejected'; readonly error: TrackingError }
) & {
  /** The budget, if the response reported it. */
  readonly rateLimit?: RateLimit | undefined;
};

export type Unavailable = Extract<SendResult, { status: 'unavailable' }>;

/** How many events go into one request, and how long the first of them may wait for the others. */
export interface BatchOptions {
  /**
   * Most events in one request, 1 to 100.
   * @defaultValue 100, which the vendor's own clients keep to
   */
  maxEvents?: number;
  /**
   * The longest an event waits for others, in milliseconds.
   * @defaultValue 1 000
   */
  maxWaitMs?: number;
}

export interface SendOptions {
  /** Whether the events go out as a batch. When false, there is one event. */
  readonly isBatch: boolean;
}

/** Takes events out of this process. */
export interface Transport {
  /**
   * How many events it wants at once, and how long the first of them may wait for the others.
   * @defaultValue the tracker's `batch`
   */
  readonly preferredBatch?: boolean | BatchOptions;
  /** Sends one event, or a batch. Should not reject; a rejection counts as `unavailable`. */
  send(events: readonly QueuedEvent[], options: SendOptions): Promise<SendResult>;
  /** Closes its sockets. Called once, when the tracker has closed. */
  close?(): void;
}
