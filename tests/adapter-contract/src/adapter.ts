import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Tracker } from '@successeve/core';
import type { RequestTrack, TrackingOptions } from '@successeve/core/adapter';

/** One adapter, as the suite uses it. `Request` is what the adapter hands to `identify`. */
export interface AdapterUnderTest<Request> {
  /** Starts a real application with the routes that the README of this package lists. */
  mount(
    tracker: Tracker,
    options: TrackingOptions<Request>,
    application: Application,
  ): Promise<RunningApplication>;
  /** Whom the application's own authentication has put on the request. */
  userOf(request: Request): User | undefined;
  /** The request of Node below the framework's. */
  rawOf(request: Request): IncomingMessage;
}

/** What the suite asks of one application. */
export interface Application {
  /** How often the middleware is mounted: 2 mounts it in the router of `/section` again, 0 nowhere. */
  readonly mounts: 0 | 1 | 2;
  /** Whether the application believes `X-Forwarded-*`, by its framework's own setting. */
  readonly trustsProxy: boolean;
  /** The headers that `/write-head` passes to Node's `writeHead`. */
  readonly head: OutgoingHttpHeaders;
  /** The status that `/write-head` passes to it. */
  readonly status: number;
  /** Authentication, in a middleware behind ours: returns the request's user. */
  authenticate(headers: IncomingHttpHeaders, track: RequestTrack): Promise<User | undefined>;
  /** What the handler of `/act` does before it answers with the page. `body` is what was parsed of the request's. */
  act(track: RequestTrack, body: unknown): Promise<void>;
}

export interface RunningApplication {
  /** Such as `http://127.0.0.1:49152`. */
  readonly url: string;
  close(): Promise<unknown>;
}

/** A user who signed in to the application. */
export interface User {
  readonly id: string;
  readonly orgId: string;
}

/** True differences between frameworks. Each is set to its reason, which is in the title of the test that is left out. */
export interface Flags {
  /** The middleware cannot be mounted a second time, so that no request is a duplicate. */
  readonly mountsOnce?: string;
  /** Cannot know which host the visitor reached behind several proxies: it takes the last one, not the first. */
  readonly readsLastForwarded?: string;
  /** Cannot know of a request with an invalid `Host` or target: the server rejects it. */
  readonly rejectsInvalidUrls?: string;
  /** Cannot know from a proxy which path that strips, since the framework trusts no proxy; `baseUrl` names it. */
  readonly ignoresForwardedPrefix?: string;
  /** Cannot know whether a response was sent to its end: it counts as sent when the application returns it. */
  readonly hidesSending?: string;
  /** Cannot know which host the request line and `Host` named: the URL of a request has the server's choice. */
  readonly takesHostFromServer?: string;
}
