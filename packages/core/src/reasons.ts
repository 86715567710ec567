/**
 * Why an event will never be delivered.
 *
 * - `invalid`: it was not valid, and so never accepted; the message says what was expected and what came.
 * - `queue_full`: the queue had no room. The oldest pageview makes room first.
 * - `rejected`: the API rejected this one event for good; status and body are in the error.
 * - `before_send`: your `beforeSend` returned `null` or an invalid event, or threw.
 * - `no_contact`: the request it was tracked in ended, and `identify` returned no contact.
 * - `consent`: it was tracked in a request without consent.
 * - `closed`: the tracker was closed before it could be delivered.
 */
export type DropReason = (typeof dropReasons)[number];

export const dropReasons = [
  'invalid',
  'queue_full',
  'rejected',
  'before_send',
  'no_contact',
  'consent',
  'closed',
] as const;

/**
 * Why a request was not recorded as a pageview: the first rule that failed, in this order.
 *
 * - `method`: it was not a GET.
 * - `prefetch`: the browser fetched or rendered it ahead of a visit.
 * - `not_a_page`: not a document: an image, a script, a `fetch`, a frame.
 * - `left_to_browser`: `browser.documents` leaves it to the browser's report.
 * - `ignored`: `ignore` matched. `consent`: `consent` returned false.
 * - `no_url`: neither `baseUrl` nor a valid Host header names the site's origin.
 * - `filtered`: `pageviews` returned false.
 * - `skipped`: the handler called `req.track.skip()`.
 * - `bot`: the user agent is a bot's.
 * - `aborted`: the response was not sent completely, nor was a part of it on the screen for a second.
 * - `status`: its status is neither 2xx nor 304. `not_html`: its content type is not HTML.
 * - `no_contact`: no contact was known when it ended.
 * - `duplicate`: this request was counted already, since the middleware is mounted twice; or the browser repeats it,
 *   since the response asks for client hints with `Critical-CH`.
 *
 * Of a report by the browser, also why it is not believed, or not needed:
 *
 * - `cross_site`: it does not come from a page of the site, nor of an origin in `browser.origins`.
 * - `too_large`: its body is longer than 4 KiB. `invalid_report`: its body is not a report.
 * - `foreign_url`: it names something other than a path of the site.
 * - `unlisted_event`: it names an event that is not in `browser.events`.
 * - `too_many`: its contact reports faster than a person can read.
 * - `answered`: it is the first page of a document that the server answered, and counted or skipped then.
 */
export type SkipReason = (typeof skipReasons)[number];

export const skipReasons = [
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
] as const;
