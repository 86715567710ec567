import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { SkipReason } from '../stats.js';

/** The headers by which browsers, and scripts that preload pages, say that nobody visits yet. */
const prefetchHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-sec-purpose', 'x-moz'] as const;

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

/** Why a response is none that somebody saw as a page. */
export function responseSkip(res: ServerResponse, isComplete: boolean): SkipReason | undefined {
  if (!isComplete) return 'aborted';
  const { statusCode } = res;
  if (!((statusCode >= 200 && statusCode < 300) || statusCode === 304)) return 'status';
  const contentType = contentTypeOf(res);
  // A 304 names none, nor do some pages; the request asked for a document then.
  return !contentType || /html/i.test(contentType) ? undefined : 'not_html';
}

/** Whether a browser says itself that it asks for a part of a page, such as an image: nobody wonders about those. */
export function isPartOfPage({ headers }: IncomingMessage): boolean {
  return 'sec-fetch-dest' in headers && !headers.accept?.includes('text/html');
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
  if (destination !== undefined) return destination === 'document';
  const hasFetchMetadata = 'sec-fetch-mode' in headers || 'sec-fetch-site' in headers;
  return !hasFetchMetadata && (headers.accept?.includes('text/html') ?? false);
}

/** `getHeader` knows only what was set by name; headers given to `writeHead` stand in the written head alone. */
function contentTypeOf(res: ServerResponse): string | undefined {
  const named = res.getHeader('content-type');
  if (named !== undefined) return String(named);
  const { _header: head } = res as { _header?: unknown };
  return typeof head === 'string' ? /^content-type:(.*)$/im.exec(head)?.[1] : undefined;
}
