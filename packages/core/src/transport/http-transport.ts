import { createHttpClient } from '#http';
import { type ResolvedOptions, resolveOptions, type TrackerOptions } from '../tracker/options.js';
import { type ApiAccess, createHttpTransport } from './http.js';
import type { Transport } from './transport.js';

/** How the Tracking API is reached, in the words of {@link TrackerOptions}. */
export type HttpTransportOptions = Pick<
  TrackerOptions,
  'apiToken' | 'apiUrl' | 'auth' | 'agent' | 'timeoutMs' | 'createdAt'
>;

/**
 * The transport that a tracker has where it is given none: to the Tracking API, over HTTP. For a transport of your own
 * that wraps it.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function httpTransport(options: HttpTransportOptions = {}): Transport {
  return openHttpTransport(resolveOptions(options), options);
}

/** The same, for options that were checked. */
export function openHttpTransport(resolved: ResolvedOptions, options: HttpTransportOptions): Transport {
  const access = apiAccess(resolved, options);
  return createHttpTransport(createHttpClient, { ...access, createdAt: resolved.createdAt });
}

export function apiAccess(
  { apiToken = '', apiUrl, auth, timeoutMs }: ResolvedOptions,
  { agent }: HttpTransportOptions,
): ApiAccess {
  return { apiToken, apiUrl, auth, timeoutMs, agent };
}
