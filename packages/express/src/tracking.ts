import type { Tracker } from '@successeve/core';
import {
  NodeExchange,
  originOf,
  type RequestTrack,
  sendAnswer,
  type TrackingOptions,
  trackRequests,
} from '@successeve/core/adapter';
import type { Request, Response } from 'express';
import type { Middleware } from './middleware.js';

declare global {
  namespace Express {
    interface Request {
      /** Records what the contact of this request does. */
      track: RequestTrack;
    }
  }
}

/**
 * Records a pageview for every page really visited, and attaches `req.track`. Mount it once, before your routes; your
 * authentication may come after it.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function tracking(tracker: Tracker, options: TrackingOptions<Request>): Middleware;
/** The same with a request type of the application's own, such as that of another major of Express. */
export function tracking<AppRequest extends object>(
  tracker: Tracker,
  options: TrackingOptions<AppRequest>,
): Middleware;
export function tracking(tracker: Tracker, options: TrackingOptions<Request>): Middleware {
  const { answer, follow, run } = trackRequests(tracker, options);
  return (request, response, next) => {
    const req = request as Request;
    const res = response as Response;
    const exchange = new ExpressExchange(req, req, res, req.originalUrl);
    const answered = answer(exchange);
    if (answered) return sendAnswer(res, answered);
    run(follow(exchange, req), next);
  };
}

class ExpressExchange extends NodeExchange<Request> {
  origin(): string | undefined {
    const { request: req } = this;
    return originOf(req.protocol, (trustsProxy(req) && forwardedHost(req)) || req.get('host'));
  }

  proxyHint(): string | undefined {
    return trustsProxy(this.request) ? undefined : "app.set('trust proxy', …)";
  }
}

/** The first one, with its port. `req.host` has no port in Express 4, and `req.hostname` in neither. */
function forwardedHost(req: Request): string | undefined {
  return req.get('x-forwarded-host')?.split(',', 1)[0]?.trim();
}

function trustsProxy(req: Request): boolean {
  const trusts: (address: string | undefined, hop: number) => boolean = req.app.get('trust proxy fn');
  return trusts(req.socket.remoteAddress, 0);
}
