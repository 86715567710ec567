import { invalidOption } from '@successeve/core/adapter';

/** @throws TrackingError where there is no handler to track the requests of. */
export function expectHandler(handler: unknown): void {
  if (typeof handler !== 'function') throw invalidOption('withTracking', 'a route handler', handler);
}
