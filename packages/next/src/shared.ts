import type { Tracker } from '@successeve/core';
import type { RequestTrack, RequestTracking } from '@successeve/core/adapter';
import type { TrackedRequest } from './tracked-request.js';

/** What `registerTracking` was given last. */
export interface Registration {
  readonly tracker: Tracker;
  readonly tracking: RequestTracking<TrackedRequest>;
  /** The helper outside of a request. */
  readonly outside: RequestTrack;
}

/** What all copies of this package in a process share: each of Next's bundles may have one of its own. */
interface Shared {
  registration: Registration | undefined;
  isListening: boolean;
  /** Whether a call of `track()` waits to see if `registerTracking` will be called. */
  isAwaited?: boolean;
}

const sharedKey = Symbol.for('@successeve/next');
const global = globalThis as { [sharedKey]?: Shared };

global[sharedKey] ??= { registration: undefined, isListening: false };

export const shared: Shared = global[sharedKey];
