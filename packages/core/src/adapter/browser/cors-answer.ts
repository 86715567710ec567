import type { IncomingHttpHeaders } from 'node:http';
import type { WebAnswer } from './web-answer.js';

/** The headers that let a page of a listed origin read the answer to its report; none for others. */
export function corsHeaders(
  { origin }: IncomingHttpHeaders,
  origins: ReadonlySet<string>,
): Readonly<Record<string, string>> {
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
export function preflightAnswer(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  origins: ReadonlySet<string>,
): WebAnswer | undefined {
  const { origin, 'access-control-request-method': asked } = headers;
  const askedHeaders = headers['access-control-request-headers'];
  if (method !== 'OPTIONS' || asked !== 'POST' || origin === undefined || !origins.has(origin))
    return undefined;
  return {
    status: 204,
    headers: {
      ...corsHeaders(headers, origins),
      vary: 'Origin, Access-Control-Request-Headers',
      'access-control-allow-methods': 'POST',
      // With credentials, `*` is not a wildcard.
      ...(askedHeaders && { 'access-control-allow-headers': askedHeaders }),
      'access-control-max-age': '7200',
    },
  };
}
