import type { Tracker } from '@successeve/core';
import { originOf, type RequestTrack, type TrackingOptions, trackRequests } from '@successeve/core/adapter';
import type { Context, Middleware } from 'koa';
import { setAnswer } from './set-answer.js';

declare module 'koa' {
  // Part of every context. `DefaultContext` gives way to the application's own types where there are any.
  interface ExtendableContext {
    /** Records what the contact of this request does. */
    track: RequestTrack;
  }
  interface Request {
    /** The same as `ctx.track`. */
    track: RequestTrack;
  }
}

declare module 'node:http' {
  interface IncomingMessage {
    /** The same as `ctx.track`, on a request that came through the middleware. */
    track: RequestTrack;
  }
}

/**
 * Records a pageview for every page really visited, and attaches `ctx.track`. Mount it once, before your routes; your
 * authentication may come after it.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function tracking(tracker: Tracker, options: TrackingOptions<Context>): Middleware {
  const { answer, follow, attach, run, warnOfProxy } = trackRequests(tracker, options);

  const origin = ({ app, host, protocol, req }: Context): string | undefined => {
    if (!app.proxy) warnOfProxy(req, 'app.proxy = true');
    // Not `ctx.origin`: in Koa 3 that is what the request says in its Origin header.
    return originOf(protocol, host);
  };

  return (ctx, next) => {
    const { req, request, res, originalUrl: target } = ctx;
    const answered = answer({ req, target });
    if (answered) return setAnswer(ctx, answered);
    const track = follow({ request: ctx, req, res, target, origin: () => origin(ctx) });
    attach(track, ctx, request, req);
    return run(track, next);
  };
}
