import type { FirstPage } from './report.js';

/** The name of the `Server-Timing` entry. No word of the trade: blockers list those. */
const entryName = 'seen';

/** How far the clocks of two servers, and of the browser's timer, may differ. From the design. */
const slackMs = 2_000;

/**
 * The `Server-Timing` entry of a document that the server counts: the server's time, so that the browser's report of
 * its first page shows whether this very document was counted, or comes out of a cache.
 */
export function documentMark(now: number): string {
  return `${entryName};desc=${now}`;
}

/** The entry of a document that is left to the browser: older than every visit, as if it came out of a cache. */
export const leftDocumentMark: string = documentMark(0);

/**
 * Whether the server was asked for the document of a first page, and has counted it or decided not to. A document that
 * is older than the navigation comes out of a cache: the browser's own, a CDN's or a service worker's.
 *
 * @param isLeft - whether such a document is left to the browser by its path
 */
export function isAnsweredByServer(
  { mark, sinceMs, isUnasked }: FirstPage,
  isLeft: boolean,
  now: number,
): boolean {
  if (isUnasked) return false;
  return mark === undefined ? !isLeft : mark >= now - sinceMs - slackMs;
}
