import type { DropReason, TrackingError } from '../errors.js';
import type { RateLimit } from '../transport/rate-limit.js';

/**
 * Why a request was not recorded as a pageview: the first rule that failed, in this order.
 *
 * - `method`: it was not a GET.
 * - `prefetch`: the browser fetched or rendered it ahead of a visit.
 * - `not_a_page`: not a document: an image, a script, a `fetch`, a frame.
 * - `left_to_browser`: `browser.documents` leaves it to the browser's report.
 * - `ignored`: `ignore` matched. `consent`: `consent` said no.
 * - `no_url`: neither `baseUrl` nor a valid Host header tells the site's origin.
 * - `filtered`: `pageviews` said no.
 * - `skipped`: the handler called `req.track.skip()`.
 * - `bot`: the user agent is a bot's.
 * - `aborted`: the response was not sent completely.
 * - `status`: its status is neither 2xx nor 304. `not_html`: its content type is not HTML.
 * - `no_contact`: nobody was known when it ended.
 * - `duplicate`: this request was counted already; the middleware is mounted twice.
 *
 * Of a report by the browser, also why it is not believed, or not needed:
 *
 * - `cross_site`: it does not come from a page of the site, nor of an origin in `browser.origins`.
 * - `too_large`: its body is longer than 4 KiB. `invalid_report`: its body is not a report.
 * - `foreign_url`: it names something other than a path of the site.
 * - `unlisted_event`: it names an event that is not in `browser.events`.
 * - `too_many`: its contact reports faster than anybody can read.
 * - `answered`: it is the first page of a document that the server answered, and counted or skipped then.
 */
export type SkipReason =
  | 'method'
  | 'prefetch'
  | 'not_a_page'
  | 'left_to_browser'
  | 'ignored'
  | 'consent'
  | 'no_url'
  | 'filtered'
  | 'skipped'
  | 'bot'
  | 'aborted'
  | 'status'
  | 'not_html'
  | 'no_contact'
  | 'duplicate'
  | 'cross_site'
  | 'too_large'
  | 'invalid_report'
  | 'foreign_url'
  | 'unlisted_event'
  | 'too_many'
  | 'answered';

export const skipReasons: readonly SkipReason[] = [
  'method',
  'prefetch',
  'not_a_page',
  'left_to_browser',
  'ignored',
  'consent',
  'no_url',
  'filtered',
  'skipped',
  'bot',
  'aborted',
  'status',
  'not_html',
  'no_contact',
  'duplicate',
  'cross_site',
  'too_large',
  'invalid_report',
  'foreign_url',
  'unlisted_event',
  'too_many',
  'answered',
];

/**
 * What became of everything, since the tracker was created. At every moment
 * `accepted = delivered + queued + inFlight + dropped`, without those dropped as `invalid`, never accepted.
 *
 * It is this tracker's account, not the queue file's. With a durable queue, what an ended process left behind counts
 * as accepted here once this tracker has taken it over and read it, some hundred events at a time; what still lies
 * in the file beyond that is not counted. Should another process take events over from this one, because it stood
 * still for so long that it was taken for dead, they are no longer counted as accepted here.
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
  /**
   * What was told of contacts and accounts and needed no request of its own; it does not count as accepted.
   */
  readonly updates: {
    /** It said what had been said last. */
    readonly unchanged: number;
    /** Before it was sent, it was all told anew. */
    readonly superseded: number;
  };
  /** What adapters made of requests. */
  readonly pageviews: {
    readonly recorded: number;
    readonly skipped: Readonly<Record<SkipReason, number>>;
  };
  /** When sending goes on, in epoch milliseconds; `null` while nothing stops it. */
  readonly pausedUntil: number | null;
  /** The token's budget, as the API last told it. */
  readonly rateLimit: RateLimit | null;
  /** The last problem with delivery. */
  readonly lastError: TrackingError | null;
}
