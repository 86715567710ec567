import { TrackingError } from '@successeve/core';

/** @throws TrackingError where there is no handler to track the requests of. */
export function expectHandler(handler: unknown): void {
  if (typeof handler === 'function') return;
  const got = handler === null ? 'null' : typeof handler;
  throw new TrackingError('invalid_options', `withTracking: expected a route handler, got ${got}`);
}
