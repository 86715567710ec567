import type { RequestHead } from '../exchange.js';
import type { WebAnswer } from './web-answer.js';

/** The headers that let a page of a listed origin read the answer to its report; none for others. */
export function corsHeaders(
  request: RequestHead,
  origins: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const origin = request.header('origin');
  if (origins.size === 0) return {};
  const vary = { vary: 'Origin' };
  if (origin === undefined || !origins.has(origin)) return vary;
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', ...vary };
}

/**
 * Answers the preflight request that a browser sends before a report with headers of the application's.
 *
 * @returns `undefined` where the request is not a preflight, or comes from an origin that is not listed.
 */
export function preflightAnswer(request: RequestHead, origins: ReadonlySet<string>): WebAnswer | undefined {
  const origin = request.header('origin');
  const wantedMethod = request.header('access-control-request-method');
  const wantedHeaders = request.header('access-control-request-headers');
  if (request.method !== 'OPTIONS' || wantedMethod !== 'POST' || origin === undefined || !origins.has(origin))
    return undefined;
  return {
    status: 204,
    headers: {
      ...corsHeaders(request, origins),
      vary: 'Origin, Access-Control-Request-Headers',
      'access-control-allow-methods': 'POST',
      // With credentials, `*` is not a wildcard.
      ...(wantedHeaders && { 'access-control-allow-headers': wantedHeaders }),
      'access-control-max-age': '7200',
    },
  };
}
