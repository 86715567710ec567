import type { TrackingError } from '../errors.js';
import type { DropReason, SkipReason } from '../reasons.js';
import type { RateLimit } from '../transport/rate-limit.js';

/**
 * What became of everything, since the tracker was created. At every moment
 * `accepted = delivered + queued + inFlight + dropped`, without those dropped as `invalid`, never accepted.
 *
 * It is this tracker's account, not the queue file's. With a durable queue, what an ended process left behind counts
 * as accepted here once this tracker has taken it over and read it, some hundred events at a time; what still lies
 * in the file beyond that is not counted. Should another process take events over from this one, because it
 * stalled for so long that it seemed dead, they are no longer counted as accepted here.
 */
export interface TrackerStats {
  readonly accepted: number;
  readonly delivered: number;
  /** Events that wait. */
  readonly queued: number;
  /** Events in requests under way. */
  readonly inFlight: number;
  /** How often an event had to be sent again, or will be. */
  readonly retries: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Updates of contacts and accounts that needed no request; they do not count as accepted. */
  readonly updates: {
    /** Identical to the previous update. */
    readonly unchanged: number;
    /** Replaced by a later update before it was sent. */
    readonly superseded: number;
  };
  /** Requests that adapters recorded as pageviews, and those that they skipped. */
  readonly pageviews: {
    readonly recorded: number;
    readonly skipped: Readonly<Record<SkipReason, number>>;
  };
  /** When sending goes on, in epoch milliseconds; `null` while nothing stops it. */
  readonly pausedUntil: number | null;
  /** The token's budget, from the API's last response. */
  readonly rateLimit: RateLimit | null;
  /** The last problem with delivery. */
  readonly lastError: TrackingError | null;
}
