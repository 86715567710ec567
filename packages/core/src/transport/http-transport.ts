import { createHttpClient } from '#platform';
import { batchBody, batchPath, type CreatedAt, paths, reportedHeader, singleBody } from '../event/wire.js';
import { readOneOf } from '../option-checks.js';
import { type ApiOptions, type ResolvedApiOptions, resolveApiOptions } from './api-options.js';
import { type CreateHttpClient, connect } from './http.js';
import type { Transport } from './transport.js';

/** How the Tracking API is reached, and what is sent to it. */
export interface HttpTransportOptions extends ApiOptions {
  /**
   * When a single event carries `created_at`: `'late'`, only if it is sent more than 60 s after it happened, so that
   * a queue never falsifies time; `true`, always; `false`, never. In a batch every event carries it.
   * @defaultValue `'late'`
   */
  createdAt?: CreatedAt | undefined;
}

export interface ResolvedHttpTransportOptions extends ResolvedApiOptions {
  readonly createdAt: CreatedAt;
}

/**
 * The default transport of a tracker: to the Tracking API, over HTTP. For a transport of your own that wraps it.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function httpTransport(options: HttpTransportOptions = {}): Transport {
  return createHttpTransport(createHttpClient, resolveHttpTransportOptions(options));
}

export function resolveHttpTransportOptions(
  options: HttpTransportOptions,
  isTokenNeeded = true,
): ResolvedHttpTransportOptions {
  const createdAt = readOneOf('createdAt', options.createdAt ?? 'late', ['late', true, false] as const);
  return { ...resolveApiOptions(options, isTokenNeeded), createdAt };
}

/** Sends to the Tracking API over HTTP. */
export function createHttpTransport(
  createClient: CreateHttpClient,
  options: ResolvedHttpTransportOptions,
): Transport {
  const api = connect(createClient, options);
  return {
    send(events, { isBatch }) {
      const [first] = events;
      const headers = reportedHeader(events);
      if (isBatch || !first) return api.post(batchPath, batchBody(events), headers);
      return api.post(paths[first.kind], singleBody(first, options.createdAt, Date.now()), headers);
    },
    close: () => api.close(),
  };
}
