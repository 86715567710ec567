import type { Tracker } from '@successeve/core';
import { noTrack, type RequestTrack } from '@successeve/core/adapter';
import { expectHandler } from './expect-handler.js';
import type { NextTrackingOptions } from './register-tracking.js';
import type { WithTrack } from './with-tracking.js';

export * from '@successeve/core';
export { currentTrack } from '@successeve/core/adapter';
export type { NextTrackingOptions } from './register-tracking.js';
export type { TrackedRequest } from './tracked-request.js';
export type { WithTrack } from './with-tracking.js';

/** Nothing on the edge: the Node server that serves the page counts it. */
export function registerTracking(_tracker: Tracker, _options: NextTrackingOptions): void {}

/** A helper that tracks nothing: an edge runtime shares nothing with the server that knows the request. */
export function track(): RequestTrack {
  return noTrack;
}

/** Passes the request on, with a helper that tracks nothing. */
export function withTracking<Incoming extends Request, Rest extends unknown[], Result>(
  handler: (request: WithTrack<Incoming>, ...rest: Rest) => Result,
): (request: Incoming, ...rest: Rest) => Result {
  expectHandler(handler);
  return (request, ...rest) => handler(Object.assign(request, { track: noTrack }), ...rest);
}
