import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { SkipReason } from '../../reasons.js';

/** The headers by which browsers, and scripts that preload pages, say that nobody visits yet. */
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

/** In `Accept`, and in `Content-Type`; not `text/vnd.turbo-stream.html`. */
const htmlType = /(?:^|[\s,])(?:text\/html|application\/xhtml\+xml)(?=$|[\s;,])/i;

/** Statuses in 2xx to which a browser stays where it is, or goes on with a download. */
const staysOnPage: ReadonlySet<number> = new Set([204, 205, 206]);

/** Why a request cannot be a visit, whatever its answer. Asked on arrival: frameworks change headers later. */
export function requestSkip({ method, headers }: IncomingMessage): SkipReason | undefined {
  if (method !== 'GET') return 'method';
  if (isPrefetch(headers)) return 'prefetch';
  return isDocument(headers) ? undefined : 'not_a_page';
}

/**
 * Why a page that the browser reports by itself cannot be a visit. The request is the report's: of what it says, only
 * that nobody visits yet counts.
 */
export function reportSkip({ headers }: IncomingMessage): SkipReason | undefined {
  return isPrefetch(headers) ? 'prefetch' : undefined;
}

/** The head of a response. */
export interface Head {
  readonly status: number;
  header(name: 'content-type' | 'content-disposition'): string | undefined;
}

/** Why a response is none that somebody saw as a page. */
export function responseSkip(res: ServerResponse, isComplete: boolean): SkipReason | undefined {
  return isComplete ? headSkip(headOf(res)) : 'aborted';
}

/** Why a response with such a head shows no page. */
export function headSkip({ status, header }: Head): SkipReason | undefined {
  const isShown = status >= 200 && status < 300 && !staysOnPage.has(status);
  if (!isShown && status !== 304) return 'status';
  const contentType = header('content-type');
  // A 304 names none, nor do some pages; the request asked for a document then.
  if (contentType !== undefined && !htmlType.test(contentType)) return 'not_html';
  return /^\s*attachment/i.test(header('content-disposition') ?? '') ? 'not_html' : undefined;
}

/** Whether a response is an error that a browser shows as a page. */
export function isErrorPage(res: ServerResponse): boolean {
  const { status, header } = headOf(res);
  return status >= 400 && htmlType.test(header('content-type') ?? '');
}

/** Whether a request asks for what is shown in a frame. */
export function isFramed({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && /^i?frame$/.test(String(headers['sec-fetch-dest']));
}

function headOf(res: ServerResponse): Head {
  return { status: res.statusCode, header: (name) => headerOf(res, name) };
}

/** What a document loads by itself. */
const assets: ReadonlySet<string> = new Set(
  'audio font image manifest script style track video worker sharedworker serviceworker xslt'.split(' '),
);

/** Whether a document loads this by itself, such as an image: a report would say nothing. */
export function isAsset({ headers }: IncomingMessage): boolean {
  return assets.has(String(headers['sec-fetch-dest']));
}

function isPrefetch(headers: IncomingHttpHeaders): boolean {
  for (const name of prefetchHeaders) {
    const value = headers[name];
    if (value && /prefetch|prerender|preview/i.test(String(value))) return true;
  }
  return false;
}

function isDocument(headers: IncomingHttpHeaders): boolean {
  const destination = headers['sec-fetch-dest'];
  if (destination === 'empty') return isByServiceWorker(headers);
  if (destination !== undefined) return destination === 'document';
  const hasFetchMetadata = 'sec-fetch-mode' in headers || 'sec-fetch-site' in headers;
  return !hasFetchMetadata && acceptsHtml(headers) && !isByScript(headers) && !isSubresource(headers);
}

function isByScript(headers: IncomingHttpHeaders): boolean {
  if (scriptHeaders.some((name) => name in headers)) return true;
  const by = headers['x-requested-with'];
  return by !== undefined && !appId.test(String(by));
}

/**
 * Whether a page requests this as a part of itself, as far as it shows without `Sec-Fetch-*`, which browsers send to
 * secure origins alone. All of them ask for an upgrade where they navigate, pages and frames, and not in a `fetch`;
 * Firefox gives a page, but not a frame, the highest priority. Chromium's frames cannot be told from its pages.
 * Measured in Chromium 156 and Firefox 153.
 */
function isSubresource(headers: IncomingHttpHeaders): boolean {
  const { priority, referer, host } = headers;
  if (priority !== undefined && !/\bu=0\b/.test(String(priority))) return true;
  if ('upgrade-insecure-requests' in headers || !referer || !host) return false;
  return referer.startsWith(`http://${host}/`);
}

/**
 * A navigation that a service worker fetches itself, and which nobody's click is said of any more. `<a download>` looks
 * the same but for what it accepts. So does a frame below such a worker: it cannot be told from a page.
 */
function isByServiceWorker(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && !('sec-fetch-user' in headers) && acceptsHtml(headers);
}

function acceptsHtml({ accept }: IncomingHttpHeaders): boolean {
  return accept !== undefined && htmlType.test(accept);
}

/** `getHeader` knows only what was set by name; headers given to `writeHead` stand in the written head alone. */
function headerOf(res: ServerResponse, name: 'content-type' | 'content-disposition'): string | undefined {
  const named = res.getHeader(name);
  if (named !== undefined) return String(named);
  const { _header: head } = res as { _header?: unknown };
  return typeof head === 'string' ? writtenIn[name].exec(head)?.[1] : undefined;
}

const writtenIn = {
  'content-type': /^content-type:(.*)$/im,
  'content-disposition': /^content-disposition:(.*)$/im,
};
