import type { AdapterPort } from '../adapter-port.js';
import { describe, TrackingError } from '../errors.js';
import { callback, invalidOption } from '../options.js';
import type { Identified } from './identity.js';
import { type IsSecret, pathOf, secretParameters } from './visit-url.js';

/** A page that is about to be recorded. */
export interface Page<Request> {
  /** The absolute URL, secrets cut. */
  readonly url: string;
  readonly request: Request;
  /** The status of the response. */
  readonly status: number;
}

/** What to ignore: a prefix of the path, a pattern for path and query, or a question to the request. */
export type Ignore<Request> = string | RegExp | ((request: Request) => boolean);

/** How an adapter records pageviews. `Request` is what your framework calls a request. */
export interface TrackingOptions<Request> {
  /**
   * Finds out who makes a request: a contact, or `null` for nobody. It is asked when first needed and, if it knew
   * nobody then, once more at the end of the response, so that your authentication may come after the middleware.
   * May be asynchronous, within 10 s. If it fails, `onError` is told and the response is untouched.
   */
  identify: (request: Request) => Identified | PromiseLike<Identified>;
  /**
   * The public origin of your site, such as `https://app.example.com`.
   * @defaultValue what the framework makes of the request, under its rules for proxies
   */
  baseUrl?: string | URL | undefined;
  /**
   * Whether pages are recorded by themselves: all, none, or those for which a function says yes.
   * @defaultValue true
   */
  pageviews?: boolean | ((page: Page<Request>) => boolean) | undefined;
  /**
   * Requests that are no pageviews, whatever else they are.
   * @defaultValue []
   */
  ignore?: readonly Ignore<Request>[] | undefined;
  /**
   * What to do about bots, told by their user agent with `isbot`.
   * @defaultValue 'skip'
   */
  bots?: 'skip' | 'track' | undefined;
  /**
   * Whether the visitor agreed. False records nothing for the request, neither pageview nor events; so does a
   * function that throws.
   * @defaultValue everybody agreed
   */
  consent?: ((request: Request) => boolean) | undefined;
  /**
   * Names of query parameters whose values are cut from recorded URLs, beside the usual ones (`token`, `code`,
   * `password`, `signature`, …).
   * @defaultValue []
   */
  secretParams?: readonly string[] | undefined;
  /**
   * Whether `currentTrack()` finds the request's helper from anywhere below the middleware. Costs an
   * AsyncLocalStorage.
   * @defaultValue false
   */
  context?: boolean | undefined;
}

/** Options that were checked, as questions to a request. */
export interface TrackingRules<Request> {
  readonly origin: string | undefined;
  readonly isSecret: IsSecret;
  readonly skipsBots: boolean;
  hasConsent(request: Request): boolean;
  isIgnored(request: Request, target: string): boolean;
  isWanted(page: Page<Request>): boolean;
}

/** @throws TrackingError with the code `invalid_options`, saying what was expected and what came. */
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
  if (typeof pageviews !== 'boolean') callback('pageviews', pageviews);
  if (bots !== 'skip' && bots !== 'track') throw invalidOption('bots', "'skip' or 'track'", bots);
  callback('consent', consent);
  if (!Array.isArray(secretParams) || secretParams.some((name) => typeof name !== 'string')) {
    throw invalidOption('secretParams', 'an array of strings', secretParams);
  }
  checkIgnore(ignore);
  return {
    origin: baseUrl === undefined ? undefined : originOfBaseUrl(baseUrl),
    isSecret: secretParameters(secretParams),
    skipsBots: bots === 'skip',
    // A promise is truthy, but it is no consent.
    hasConsent: (request) => !consent || port.call('consent', () => consent(request)) === true,
    isIgnored(request, target) {
      const path = pathOf(target) ?? target;
      return ignore.some((rule) => {
        if (typeof rule === 'string') return path.startsWith(rule);
        // `search` minds neither the flag `g` nor `lastIndex`.
        if (rule instanceof RegExp) return path.search(rule) !== -1;
        return port.call('ignore', () => rule(request)) === true;
      });
    },
    isWanted(page) {
      if (typeof pageviews === 'boolean') return pageviews;
      return port.call('pageviews', () => pageviews(page)) !== false;
    },
  };
}

function checkIgnore(ignore: readonly unknown[]): void {
  if (!Array.isArray(ignore)) throw invalidOption('ignore', 'an array', ignore);
  for (const [index, rule] of ignore.entries()) {
    if (typeof rule === 'string' || rule instanceof RegExp || typeof rule === 'function') continue;
    throw invalidOption(`ignore[${index}]`, 'a string, a RegExp or a function', rule);
  }
}

function originOfBaseUrl(baseUrl: unknown): string {
  const text = baseUrl instanceof URL ? baseUrl.href : baseUrl;
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new TrackingError(
      'invalid_options',
      `baseUrl: expected an origin such as https://app.example.com, got ${url ? 'a URL with more than that' : describe(baseUrl)}`,
    );
  }
  return url.origin;
}
