import type { RequestHead } from '../exchange.js';

/**
 * The origin of the page that a report comes from: `'own'` for the site's own, or one of the listed.
 *
 * @param host - the host of the site
 * @param origins - the other origins that `browser.origins` lists
 * @returns `undefined` where it comes from elsewhere, or where nothing says where it comes from.
 */
export function senderOrigin(
  request: RequestHead,
  host: string | undefined,
  origins: ReadonlySet<string>,
): string | undefined {
  const origin = request.header('origin');
  const site = request.header('sec-fetch-site');
  if (origin !== undefined && origins.has(origin)) return origin;
  // Firefox sends `Origin: null` under `Referrer-Policy: no-referrer`.
  if (site !== undefined) return site === 'same-origin' ? 'own' : undefined;
  // Plain http, and browsers before 2023.
  return host !== undefined && hostOf(origin) === host ? 'own' : undefined;
}

/** The host of an `Origin` header, or of a URL. */
export function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}
