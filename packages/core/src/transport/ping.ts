import { createHttpClient } from '#platform';
import type { TrackingError } from '../errors.js';
import { type ApiOptions, resolveApiOptions } from './api-options.js';
import { connect } from './http.js';
import type { RateLimit } from './rate-limit.js';

/** Where the API takes pings, by the vendor's reference. */
const pingPath = '/v1/ping';

/** The API's answer for a token. */
export interface PingResult {
  /** The API that was called. */
  readonly apiUrl: URL;
  /** Whether the token is valid. `rate_limited`: it is, but its budget is spent. */
  readonly status: 'right' | 'rate_limited' | 'rejected' | 'unavailable';
  /** Why not, with the `status` and the beginning of the `body` of the answer, if there was one. */
  readonly error?: TrackingError | undefined;
  /** The budget, if the response reported it. */
  readonly rateLimit?: RateLimit | undefined;
}

/**
 * Asks the API whether a token is valid, with HTTP Basic, which a ping requires. Holds the process open until the answer,
 * or until `timeoutMs` has passed.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export async function ping(options: Omit<ApiOptions, 'auth'> = {}): Promise<PingResult> {
  const resolved = resolveApiOptions(options);
  const api = connect(createHttpClient, resolved);
  // A client's own sockets and timers never hold a process open.
  const holding = setInterval(() => {}, resolved.timeoutMs);
  const { status, ...rest } = await api.post(pingPath, '{}');
  clearInterval(holding);
  api.close();
  return { apiUrl: resolved.apiUrl, status: meaning[status], ...rest };
}

const meaning = {
  delivered: 'right',
  rate_limited: 'rate_limited',
  misconfigured: 'rejected',
  rejected: 'rejected',
  unavailable: 'unavailable',
} as const;
