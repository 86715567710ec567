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
 * Answers the question that a browser asks before a report with headers of the application's.
 *
 * @returns `undefined` where it is not such a question, or is one of an origin that is not listed.
 */
export function preflightAnswer(request: RequestHead, origins: ReadonlySet<string>): WebAnswer | undefined {
  const origin = request.header('origin');
  const asked = request.header('access-control-request-method');
  const askedHeaders = request.header('access-control-request-headers');
  if (request.method !== 'OPTIONS' || asked !== 'POST' || origin === undefined || !origins.has(origin))
    return undefined;
  return {
    status: 204,
    headers: {
      ...corsHeaders(request, origins),
      vary: 'Origin, Access-Control-Request-Headers',
      'access-control-allow-methods': 'POST',
      // With credentials, `*` is not a wildcard.
      ...(askedHeaders && { 'access-control-allow-headers': askedHeaders }),
      'access-control-max-age': '7200',
    },
  };
}
