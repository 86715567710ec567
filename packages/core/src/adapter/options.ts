import { invalidOption } from '../errors.js';
import { checkFunction } from '../option-checks.js';
import type { AdapterPort } from '../tracker/adapter-port.js';
import { type BrowserOptions, type BrowserRules, readBrowserOptions } from './browser/options.js';
import type { RequestHead } from './exchange.js';
import type { Identified } from './identity.js';
import { isBot } from './rules/bots.js';
import { type Ignore, requestPatterns } from './rules/request-patterns.js';
import { type YesOrNo, yesOrNo } from './rules/yes-or-no.js';
import { readSiteUrl, type SiteUrl } from './url/read-origin.js';
import { type IsSecret, secretParameters } from './url/secret-params.js';

/** A page that is about to be recorded. */
export interface Page<Request> {
  /** The absolute URL, secrets cut. */
  readonly url: string;
  readonly request: Request;
  /** The status of the response. */
  readonly status: number;
}

/** How an adapter records pageviews. `Request` is what your framework calls a request. */
export interface TrackingOptions<Request> {
  /**
   * Returns the contact who makes a request, or `null` where the visitor is unknown. It is called when the contact is
   * first needed and, if there was none then, once more at the end of the response, so that your authentication may
   * come after the middleware. In a response that takes longer than a second it is called in between as well, while
   * events wait for the contact. May be asynchronous, within 10 s. If it fails, `onError` is called and the response
   * is untouched.
   */
  identify: (request: Request) => Identified | PromiseLike<Identified>;
  /**
   * The public origin of your site, such as `https://app.example.com`. Where a proxy in front strips a part of the path,
   * with that part: `https://example.com/app`.
   * @defaultValue what the framework makes of the request, under its rules for proxies, and `X-Forwarded-Prefix` of a trusted
   * proxy
   */
  baseUrl?: string | URL | undefined;
  /**
   * Whether pages are recorded automatically: all, none, or those for which a function returns true.
   * @defaultValue true
   */
  pageviews?: boolean | ((page: Page<Request>) => boolean) | undefined;
  /**
   * Requests that never count as pageviews.
   * @defaultValue []
   */
  ignore?: readonly Ignore<Request>[] | undefined;
  /**
   * What to do about bots, which `isbot` recognises by their user agent.
   * @defaultValue 'skip'
   */
  bots?: 'skip' | 'track' | undefined;
  /**
   * Whether the visitor consented. False records nothing for the request, neither pageview nor events; so does a
   * function that throws, and a result that is neither true nor false, such as a promise.
   * @defaultValue every visitor consented
   */
  consent?: ((request: Request) => boolean) | undefined;
  /**
   * Names of query parameters whose values are cut from recorded URLs, in addition to the usual ones (`token`, `code`,
   * `password`, `signature`, …).
   * @defaultValue []
   */
  secretParams?: readonly string[] | undefined;
  /**
   * Counts pages that the browser shows without asking the server for a document: in single-page applications, and
   * where Turbo, htmx and their like swap pages in place. Serves the script at `/seen.js`, which a page loads by
   * `<script src="/seen.js" defer></script>`; its reports are taken by `browserReports()`, which you mount after your
   * authentication.
   * @defaultValue false
   */
  browser?: boolean | BrowserOptions<Request> | undefined;
  /**
   * Whether `currentTrack()` finds the request's helper from anywhere below the middleware. Costs an
   * AsyncLocalStorage.
   * @defaultValue false
   */
  context?: boolean | undefined;
}

/** Checked options, as rules for a request. */
export interface TrackingRules<Request> {
  readonly identify: TrackingOptions<Request>['identify'];
  /** By `baseUrl`. */
  readonly site: SiteUrl | undefined;
  readonly isSecret: IsSecret;
  readonly browser: BrowserRules<Request> | undefined;
  /** Only `true` is consent. */
  consentOf(request: Request): YesOrNo;
  isIgnored(request: Request, target: string): boolean;
  isWanted(page: Page<Request>): boolean;
  /** Whether a request is a bot's, where bots are skipped. */
  isBot(head: RequestHead): boolean;
}

export function resolveTrackingOptions<Request>(
  options: TrackingOptions<Request>,
  port: AdapterPort,
): TrackingRules<Request> {
  if (typeof options !== 'object' || options === null) {
    throw invalidOption('options', 'an object with at least identify', options);
  }
  const {
    identify,
    baseUrl,
    pageviews = true,
    ignore = [],
    bots = 'skip',
    consent,
    secretParams = [],
  } = options;
  if (typeof identify !== 'function') throw invalidOption('identify', 'a function', identify);
  if (typeof pageviews !== 'boolean') checkFunction('pageviews', pageviews);
  if (bots !== 'skip' && bots !== 'track') throw invalidOption('bots', "'skip' or 'track'", bots);
  checkFunction('consent', consent);
  if (!Array.isArray(secretParams) || secretParams.some((name) => typeof name !== 'string')) {
    throw invalidOption('secretParams', 'an array of strings', secretParams);
  }
  const asksPage =
    typeof pageviews === 'function' ? yesOrNo('pageviews', pageviews, port.reporter) : () => pageviews;
  return {
    identify,
    site: baseUrl === undefined ? undefined : readSiteUrl('baseUrl', baseUrl),
    isSecret: secretParameters(secretParams),
    browser: readBrowserOptions(options.browser, port.reporter),
    consentOf: consent ? yesOrNo('consent', consent, port.reporter) : () => true,
    isIgnored: requestPatterns('ignore', ignore, port.reporter).match,
    isWanted: (page) => asksPage(page) !== false,
    isBot: (head) => bots === 'skip' && isBot(head.header('user-agent') ?? ''),
  };
}
