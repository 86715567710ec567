import type { RequestHead } from '../exchange.js';
import { isHtml } from './response-rules.js';

/** The headers by which browsers, and scripts that preload pages, say that this is not a visit yet. */
const prefetchHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-sec-purpose', 'x-moz'] as const;

/**
 * Headers of scripts that request a page, or a part of one, to show it in place, which the browser's half counts. jQuery,
 * Swup and others name themselves in another.
 */
const scriptHeaders = [
  'hx-request',
  'turbo-frame',
  'x-turbo-request-id',
  'x-barba',
  'x-up-version',
  'x-inertia',
] as const;

/** An Android WebView sends the id of its app, such as `com.acme.app`, in `X-Requested-With` of every page. */
const appId = /^[a-z]\w*(?:\.\w+)+$/i;

/** Whether the browser fetches or renders ahead of a visit. */
export function isPrefetch(head: RequestHead): boolean {
  for (const name of prefetchHeaders) {
    const value = head.header(name);
    if (value && /prefetch|prerender|preview/i.test(value)) return true;
  }
  return false;
}

/** Whether the browser asks for a document: not for an asset, a `fetch` or a frame. */
export function isDocument(head: RequestHead): boolean {
  const destination = head.header('sec-fetch-dest');
  if (destination === 'empty') return isByServiceWorker(head);
  if (destination !== undefined) return destination === 'document';
  if (has(head, 'sec-fetch-mode') || has(head, 'sec-fetch-site')) return false;
  return acceptsHtml(head) && !isByScript(head) && !isSubresource(head);
}

/** Whether a request asks for what is shown in a frame. */
export function isFramed(head: RequestHead): boolean {
  return head.method === 'GET' && /^i?frame$/.test(head.header('sec-fetch-dest') ?? '');
}

/** What a document loads by itself. */
const assets: ReadonlySet<string> = new Set(
  'audio font image manifest script style track video worker sharedworker serviceworker xslt'.split(' '),
);

/** Whether a document loads this by itself, such as an image: not worth a report. */
export function isAsset(head: RequestHead): boolean {
  return assets.has(head.header('sec-fetch-dest') ?? '');
}

function isByScript(head: RequestHead): boolean {
  if (scriptHeaders.some((name) => has(head, name))) return true;
  const by = head.header('x-requested-with');
  return by !== undefined && !appId.test(by);
}

/**
 * Whether a page requests this as a part of itself, as far as it shows without `Sec-Fetch-*`, which browsers send to
 * secure origins alone. All of them ask for an upgrade where they navigate, pages and frames, and not in a `fetch`;
 * Firefox gives a page, but not a frame, the highest priority. Chromium's frames cannot be distinguished from its pages.
 * Measured in Chromium 156 and Firefox 153.
 */
function isSubresource(head: RequestHead): boolean {
  const priority = head.header('priority');
  if (priority !== undefined && !/\bu=0\b/.test(priority)) return true;
  const referer = head.header('referer');
  const host = head.header('host');
  if (has(head, 'upgrade-insecure-requests') || !referer || !host) return false;
  return referer.startsWith(`http://${host}/`);
}

/** Whether a browser opened a page and sent no `Sec-Fetch-*`, as to a site on plain `http:`. */
export function lacksFetchMetadata(head: RequestHead): boolean {
  return has(head, 'upgrade-insecure-requests') && !has(head, 'sec-fetch-dest');
}

/**
 * A navigation that a service worker fetches itself, without the header that marks a click. `<a download>` looks the
 * same but for what it accepts. So does a frame below such a worker: it cannot be distinguished from a page.
 */
function isByServiceWorker(head: RequestHead): boolean {
  return head.header('sec-fetch-mode') === 'navigate' && !has(head, 'sec-fetch-user') && acceptsHtml(head);
}

function acceptsHtml(head: RequestHead): boolean {
  const accept = head.header('accept');
  return accept !== undefined && isHtml(accept);
}

function has(head: RequestHead, name: string): boolean {
  return head.header(name) !== undefined;
}
