import type { Tracker } from '../../tracker/tracker.js';
import type { WebAnswer } from '../browser/web-answer.js';
import type { TrackingOptions } from '../options.js';
import type { RequestTrack } from '../request-track.js';
import { trackRequests } from '../track-requests.js';
import type { WebExchange } from './web-exchange.js';

/**
 * Handles one request: runs `next` with the request's helper, and returns the response to send. Rejects only with what
 * `next` rejects with.
 */
export type WebTracking<Request> = (
  exchange: WebExchange<Request>,
  next: (track: RequestTrack) => Response | PromiseLike<Response>,
) => Promise<Response>;

/**
 * What an adapter is made of where a framework handles the web's own `Request` and `Response`.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function trackWebRequests<Request>(
  tracker: Tracker,
  options: TrackingOptions<Request>,
): WebTracking<Request> {
  const { answer, follow, run } = trackRequests(tracker, options);
  return async (exchange, next) => {
    const answered = answer(exchange);
    if (answered) return webResponse(answered);
    const followed = follow(exchange);
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

/** An answer of the kit's as the web's own response. */
export function webResponse({ status, headers, body }: WebAnswer): Response {
  return new Response((body ?? null) as ConstructorParameters<typeof Response>[0], { status, headers });
}
