import type * as AsyncHooks from 'node:async_hooks';
import { wrongOption } from '../errors.js';
import { nodeProcess } from '../runtime/node-process.js';
import type { FollowedRequest } from './followed-request.js';
import type { RequestTrack } from './request-track.js';

type Storage = AsyncHooks.AsyncLocalStorage<FollowedRequest>;

// On the global object, so that copies of this package (ESM, CommonJS, one a bundle) see the same requests.
const storageKey = Symbol.for('@successeve/core/context');
const shared = globalThis as { [storageKey]?: Storage };

export function openContext(): Storage {
  shared[storageKey] ??= createStorage();
  return shared[storageKey];
}

/**
 * The helper of the request that is being handled, from anywhere below the middleware. Needs `context: true`.
 *
 * @returns `undefined` outside of a request.
 */
export function currentTrack(): RequestTrack | undefined {
  return currentRequest()?.track;
}

/** What follows the request that is being handled. */
export function currentRequest(): FollowedRequest | undefined {
  return shared[storageKey]?.getStore();
}

/** Sets the request for all that the current asynchronous context goes on to do, where there is no function to run. */
export function enterContext(followed: FollowedRequest): void {
  openContext().enterWith(followed);
}

function createStorage(): Storage {
  const hooks = nodeProcess?.getBuiltinModule?.('node:async_hooks');
  if (hooks) return new hooks.AsyncLocalStorage();
  throw wrongOption('context', 'a runtime with AsyncLocalStorage', 'one without');
}
