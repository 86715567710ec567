import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Tracker } from '@successeve/core';
import type { RequestTrack, RequestTracking } from '@successeve/core/adapter';
import type { TrackedRequest } from './tracked-request.js';

/** What `registerTracking` was given last. */
export interface Registration {
  readonly tracker: Tracker;
  readonly tracking: RequestTracking<TrackedRequest>;
  /** The host of `baseUrl`, where there is one. */
  readonly host: string | undefined;
}

/** A request and its response, as Node has them. */
export interface Followed {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** What all copies of this package in a process share: each of Next's bundles may have one of its own. */
interface Shared {
  registration: Registration | undefined;
  isListening: boolean;
  /** Whether somebody waits to see if `registerTracking` will be called. */
  isAwaited?: boolean;
  /** The request of a helper, where it may be a report; Next shows its own objects to an application, and never Node's. */
  readonly requests: WeakMap<RequestTrack, Followed>;
}

const sharedKey = Symbol.for('@successeve/next');
const global = globalThis as { [sharedKey]?: Shared };

global[sharedKey] ??= { registration: undefined, isListening: false, requests: new WeakMap() };

export const shared: Shared = global[sharedKey];
