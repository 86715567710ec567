import type { Tracker } from '@successeve/core';
import {
  originOf,
  type RequestTrack,
  sendAnswer,
  type TrackingOptions,
  trackRequests,
} from '@successeve/core/adapter';
import type { Request, RequestHandler } from 'express';

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
export function tracking(tracker: Tracker, options: TrackingOptions<Request>): RequestHandler {
  const { answer, follow, attach, run, warnOfProxy } = trackRequests(tracker, options);

  const origin = (req: Request): string | undefined => {
    const isTrusted = trustsProxy(req);
    if (!isTrusted) warnOfProxy(req, "app.set('trust proxy', …)");
    return originOf(req.protocol, (isTrusted && forwardedHost(req)) || req.get('host'));
  };

  return (req, res, next) => {
    const target = req.originalUrl;
    const answered = answer({ req, target });
    if (answered) return sendAnswer(res, answered);
    const track = follow({ request: req, req, res, target, origin: () => origin(req) });
    attach(track, req);
    run(track, next);
  };
}

/** The first one, with its port. `req.host` has no port in Express 4, and `req.hostname` in neither. */
function forwardedHost(req: Request): string | undefined {
  return req.get('x-forwarded-host')?.split(',', 1)[0]?.trim();
}

function trustsProxy(req: Request): boolean {
  const trusts: (address: string | undefined, hop: number) => boolean = req.app.get('trust proxy fn');
  return trusts(req.socket.remoteAddress, 0);
}
