import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Tracker } from '@successeve/core';
import {
  type RequestTrack,
  type TrackingOptions,
  trackWebRequests,
  WebExchange,
} from '@successeve/core/adapter';
import type { Context, Env, ExecutionContext, MiddlewareHandler } from 'hono';

declare module 'hono' {
  interface ContextVariableMap {
    /** Records what the contact of this request does. */
    track: RequestTrack;
  }
}

/**
 * Records a pageview for every page really visited, and sets `c.var.track`. Mount it once, before your routes; your
 * authentication may come after it.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
// biome-ignore lint/suspicious/noExplicitAny: as in Hono itself, what is set on a context is any where nothing types it.
export function tracking<E extends Env = any>(
  tracker: Tracker,
  options: TrackingOptions<Context<E>>,
): MiddlewareHandler<E> {
  const track = trackWebRequests(tracker, options);
  return async (c, next) => {
    const response = await track(exchangeOf(c), async (helper) => {
      (c as Context).set('track', helper);
      await next();
      return c.res;
    });
    if (!c.finalized) return response;
    if (response === c.res) return;
    // Hono would copy the headers of the one before over those of the new one.
    c.res = undefined;
    c.res = response;
  };
}

/** The request by which the kit knows what follows it: Node's own, or Hono's context, which outlives every `Request`. */
export function rawOf(c: Context): object {
  return nodeOf(c)?.req ?? c;
}

function exchangeOf<E extends Env>(c: Context<E>): WebExchange<Context<E>> {
  const node = nodeOf(c as Context);
  const platform = node ? { node } : { raw: c, waitUntil: waitUntilOf(c as Context) };
  return new WebExchange(c, c.req.raw, platform);
}

/** Of `@hono/node-server`. */
function nodeOf({ env }: Context): { req: IncomingMessage; res: ServerResponse } | undefined {
  const { incoming: req, outgoing: res } = env?.server ?? env ?? {};
  return typeof res?.writeHead === 'function' ? { req, res } : undefined;
}

/** Where the process may end with its request, such as on Cloudflare Workers. */
function waitUntilOf(c: Context): ExecutionContext['waitUntil'] | undefined {
  try {
    const { executionCtx } = c;
    return (promise) => executionCtx.waitUntil(promise);
  } catch {
    // Hono throws where there is none.
    return undefined;
  }
}
