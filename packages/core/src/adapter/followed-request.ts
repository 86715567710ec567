import type { SkipReason } from '../reasons.js';
import type { AdapterPort } from '../tracker/adapter-port.js';
import type { TakeReport } from './browser/take-report.js';
import type { RequestTrack } from './request-track.js';

/** A request that is followed, as adapters and copies of this package find it. */
export interface FollowedRequest {
  /** The request's helper, which the application sees as `req.track`. */
  readonly track: RequestTrack;
  /** Calls a function of the application's for this request; `undefined` when it threw, which `onError` reports. */
  call<Result>(name: string, callback: () => Result): Result | undefined;
  /** Takes this request as a report of a browser, where it is one. */
  findReport(): TakeReport | undefined;
  /**
   * Records a page that the browser showed without asking the server for it, by the rules for pages. This request is
   * the browser's report of it, and not a page itself. Never throws.
   */
  reportPage(page: ReportedPage): void;
  /** Counts this request as a report that is rejected, and not as a page itself. */
  rejectReport(reason: SkipReason): void;
  /** Another mount of the middleware sees this request too. */
  mountedAgain(port: AdapterPort): void;
}

/** A page as a browser reports it. */
export interface ReportedPage {
  /** Its path and query. */
  readonly target: string;
  /** What the application's callbacks are given in place of the request that reports. */
  readonly request?: unknown;
}

const key = Symbol.for('@successeve/core/followed-request');

/** A request on which it is kept: under a registered symbol, for the copies of this package (ESM, CommonJS, bundles). */
type Followable = object & { [key]?: FollowedRequest };

/** Finds what follows a request, by Node's request or the web's. */
export function followedRequest(raw: object): FollowedRequest | undefined {
  return (raw as Followable)[key];
}

/**
 * Finds whether a request is a report of a browser, for `browserReports()` of an adapter.
 *
 * @returns `undefined` where the request is not a report, or is not followed.
 */
export function findReport(raw: object): TakeReport | undefined {
  return followedRequest(raw)?.findReport();
}

export function keepFollowed(raw: object, followed: FollowedRequest): void {
  (raw as Followable)[key] = followed;
}

const nothing = (): undefined => {};

/** A helper that records nothing. */
export const noTrack: RequestTrack = {
  event: nothing,
  pageview: nothing,
  contact: nothing,
  account: nothing,
  identify: nothing,
  skip: nothing,
};

/** What follows a request where the tracker is disabled. */
export const unfollowed: FollowedRequest = {
  track: noTrack,
  call: nothing,
  findReport: nothing,
  reportPage: nothing,
  rejectReport: nothing,
  mountedAgain: nothing,
};
