import type { TakeReport } from './browser/report-recorder.js';
import type { RequestTrack } from './request-track.js';

/** A request that is followed, as adapters and copies of this package find it. */
export interface FollowedRequest {
  /** The request's helper, which the application sees as `req.track`. */
  readonly track: RequestTrack;
  /** Calls a function of the application's for this request; `undefined` when it threw, which `onError` reports. */
  call<Result>(name: string, callback: () => Result): Result | undefined;
  /**
   * Finds whether this request is a report of a browser.
   *
   * @param isRoute - true where the framework has routed it as one, at any path
   */
  findReport(isRoute?: boolean): TakeReport | undefined;
  /** Another mount of the middleware sees this request too: if it is recorded, the other one counts a duplicate. */
  mountedAgain(countDuplicate: () => void): void;
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
  mountedAgain: nothing,
};
