import type { Tracker } from '../../tracker/tracker.js';
import { mountedBrowserSide } from '../browser/mounted-browser-side.js';
import { followedRequest, keepFollowed } from '../followed-request.js';
import type { TrackingOptions } from '../options.js';
import type { RequestTrack } from '../request-track.js';
import { trackWith } from '../track-requests.js';
import type { WebExchange } from './web-exchange.js';
import { webResponse } from './web-response.js';

/**
 * Handles one request: runs `next` with the request's helper, and returns the response to send. Rejects only with what
 * `next` rejects with.
 */
export type WebTracking<Request> = (
  exchange: WebExchange<Request>,
  next: (track: RequestTrack) => Response | PromiseLike<Response>,
) => Promise<Response>;

/**
 * What an adapter is made of where a framework handles the web's own `Request` and `Response`. With the option
 * `browser`, `webReports()` takes the reports.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function trackWebRequests<Request>(
  tracker: Tracker,
  options: TrackingOptions<Request>,
): WebTracking<Request> {
  const { answer, follow, run } = trackWith(mountedBrowserSide, tracker, options);
  return async (exchange, next) => {
    const answered = answer(exchange);
    if (answered) return webResponse(answered);
    const followed = follow(exchange);
    // Another object may stand for the request, and an application passes its own to `webReports()`.
    if (followedRequest(exchange.raw)) keepFollowed(exchange.webRequest, followed);
    let response: Response;
    try {
      response = await run(followed, () => next(followed.track));
    } catch (error) {
      exchange.fail();
      throw error;
    }
    return exchange.respond(response);
  };
}
