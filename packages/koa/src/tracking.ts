import type { Tracker } from '@successeve/core';
import {
  NodeExchange,
  originOf,
  type RequestTrack,
  type TrackingOptions,
  trackRequests,
} from '@successeve/core/adapter';
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
  const { answer, follow, run } = trackRequests(tracker, options);
  return (ctx, next) => {
    const { req, request, res, originalUrl } = ctx;
    const exchange = new KoaExchange(ctx, req, res, originalUrl);
    const answered = answer(exchange);
    if (answered) return setAnswer(ctx, answered);
    return run(follow(exchange, ctx, request, req), next);
  };
}

class KoaExchange extends NodeExchange<Context> {
  origin(): string | undefined {
    // Not `ctx.origin`: in Koa 3 that is the Origin header of the request.
    return originOf(this.request.protocol, this.request.host);
  }

  proxyHint(): string | undefined {
    return this.request.app.proxy ? undefined : 'app.proxy = true';
  }
}
