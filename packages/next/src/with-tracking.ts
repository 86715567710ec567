import type { RequestTrack } from '@successeve/core/adapter';
import { expectHandler } from './expect-handler.js';
import { track } from './track.js';

/** A route handler's request with the helper on it. */
export type WithTrack<Incoming extends Request> = Incoming & {
  /** Records what the contact of this request does. */
  readonly track: RequestTrack;
};

/**
 * Puts `req.track` on the request of a route handler of the App Router. What the handler returns or throws,
 * `redirect()` and `notFound()` too, passes through untouched.
 *
 * @throws TrackingError with the code `invalid_options` where there is no handler.
 */
export function withTracking<Incoming extends Request, Rest extends unknown[], Result>(
  handler: (request: WithTrack<Incoming>, ...rest: Rest) => Result,
): (request: Incoming, ...rest: Rest) => Result {
  expectHandler(handler);
  return (request, ...rest) => handler(Object.assign(request, { track: track() }), ...rest);
}
