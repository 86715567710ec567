import type { SkipReason } from '../../reasons.js';
import type { EndedResponse, Exchange, RequestHead } from '../exchange.js';
import type { TrackingRules } from '../options.js';
import { isRepeatedForHints } from './critical-hints.js';
import { isDocument, isPrefetch } from './request-rules.js';
import { isShown } from './response-rules.js';

/*
 * The rules for pageviews, in the order of the README's table: a request is a pageview where all of them hold, and else
 * skipped for the first that fails. Two reasons come last, and not from here, since the contact may be known later:
 * `no_contact` and `duplicate`.
 */

/** The rules for the request. They are asked on arrival: frameworks change headers later. */
export function requestReason(head: RequestHead): SkipReason | undefined {
  if (head.method !== 'GET') return 'method';
  if (isPrefetch(head)) return 'prefetch';
  if (!isDocument(head)) return 'not_a_page';
  return undefined;
}

/** A page whose response has ended. */
export interface EndedPage<Request> {
  readonly rules: Pick<TrackingRules<Request>, 'isIgnored' | 'isWanted' | 'isBot'>;
  readonly exchange: Pick<Exchange<Request>, 'request' | 'target' | 'method' | 'header'>;
  /** As it was on arrival: frameworks and middleware may change it later. */
  readonly method: string;
  /** From {@link requestReason}, on arrival. */
  readonly requestReason: SkipReason | undefined;
  readonly response: EndedResponse;
  readonly url: string | undefined;
  /** Whether the handler called `req.track.skip()`. */
  readonly isSkipped: boolean;
  /** Whether the visitor had the page on the screen for a while, although its response was abandoned. */
  readonly wasRead: boolean;
  /** Where `browser` is on: whether the browser counts the page in place of the server. */
  readonly served: { readonly isLeft: boolean } | undefined;
  hasConsent(): boolean;
  isHtml(): boolean;
}

/** All rules for a page: its request, what the application wants, who visits, and what was sent. */
export function pageReason<Request>(page: EndedPage<Request>): SkipReason | undefined {
  const { rules, exchange, response } = page;
  const { request, target } = exchange;
  // Before the rules for the request: a frame, which is not a document, may be left to the browser too.
  if (page.served?.isLeft) return 'left_to_browser';
  if (page.requestReason) return page.requestReason;
  if (rules.isIgnored(request, target)) return 'ignored';
  if (!page.hasConsent()) return 'consent';
  if (page.url === undefined) return 'no_url';
  if (!rules.isWanted({ url: page.url, request, status: response.status })) return 'filtered';
  if (page.isSkipped) return 'skipped';
  if (rules.isBot(exchange)) return 'bot';
  if (!response.isComplete && !page.wasRead) return 'aborted';
  if (!isShown(response.status)) return 'status';
  if (!page.isHtml()) return 'not_html';
  if (isRepeatedForHints(exchange, response)) return 'duplicate';
  return undefined;
}

/**
 * The rules for `req.track.pageview()`, where the handler decided: also a POST counts, and JSON. Frameworks serve a HEAD
 * by the handlers for GET.
 */
export function explicitReason<Request>(page: EndedPage<Request>): SkipReason | undefined {
  if (page.method === 'HEAD') return 'method';
  if (page.requestReason === 'prefetch') return 'prefetch';
  if (!page.hasConsent()) return 'consent';
  if (page.rules.isBot(page.exchange)) return 'bot';
  return undefined;
}
