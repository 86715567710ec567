import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Tracker } from '@successeve/core';
import {
  enterContext,
  type RequestTrack,
  type TrackingOptions,
  trackRequests,
  trackWithoutRequest,
} from '@successeve/core/adapter';
import { flushOnClose } from './flush-on-close.js';
import { keepAlive } from './keep-alive.js';
import { shared } from './shared.js';
import { ArrivedExchange, type TrackedRequest } from './tracked-request.js';

declare module 'http' {
  interface IncomingMessage {
    /** Records what the contact of this request does. */
    track: RequestTrack;
  }
}

/** How pageviews are recorded; `track()` works in any case, so there is no `context`. */
export type NextTrackingOptions = Omit<TrackingOptions<TrackedRequest>, 'context'>;

/** Where Next keeps the URL as it arrived, before it rewrites `url`. */
const metaKey: unique symbol = Symbol.for('NextInternalRequestMeta');

const outsideMessage =
  'tracked outside of a request, or in one that arrived before registerTracking() had been called';

/** What Node publishes of every request of every server in the process. */
interface Exchanged {
  readonly request: IncomingMessage & { track?: RequestTrack; [metaKey]?: { initURL?: string } };
  readonly response: ServerResponse;
  readonly server: Server;
}

/**
 * Records a pageview for every page really visited, and makes `track()` work. Call it in `register()` of
 * `instrumentation.ts`. Called again, as by a hot reload, the new tracker and options take over, and the former tracker
 * delivers what it has and closes.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function registerTracking(tracker: Tracker, options: NextTrackingOptions): void {
  // A bundle for the edge in which the condition of that name does not hold.
  if (process.env.NEXT_RUNTIME === 'edge') return;
  const tracking = trackRequests<TrackedRequest>(tracker, {
    ...options,
    browser: withRelay(options?.browser),
    context: true,
  });
  const former = shared.registration?.tracker;
  const outside = trackWithoutRequest(tracker, outsideMessage);
  shared.registration = { tracker, tracking, outside };
  if (former && former !== tracker) void former.close();
  if (shared.isListening) return;
  shared.isListening = true;
  const { subscribe } = process.getBuiltinModule('node:diagnostics_channel');
  subscribe('http.server.request.start', (message) => {
    const exchanged = message as Exchanged;
    follow(exchanged, exchanged.request.url);
  });
  // The first requests of a process can arrive before Next calls `register()`.
  subscribe('http.server.response.finish', (message) => {
    const { request } = message as Exchanged;
    if (!request.track) follow(message as Exchanged, request[metaKey]?.initURL ?? request.url);
  });
}

/** In Next the browser reports to the relay, which is a route of the application's own, at any path. */
function withRelay(browser: NextTrackingOptions['browser'] = true): NextTrackingOptions['browser'] {
  const path = '/api/successeve';
  if (browser === true) return { path };
  return typeof browser === 'object' && browser !== null ? { path, ...browser } : browser;
}

function follow({ request: req, response: res, server }: Exchanged, target = '/'): void {
  const { registration } = shared;
  if (!registration) return;
  const { tracker, tracking } = registration;
  const exchange = new ArrivedExchange(req, res, target);
  const followed = tracking.follow(exchange, req);
  enterContext(followed);
  // What a subscriber throws ends the process, and neither a platform nor a server is ours.
  followed.call('waitUntil of the platform', () => keepAlive(res, tracker));
  followed.call('the close of the server', () => flushOnClose(server));
}
