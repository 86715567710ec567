import type { IncomingHttpHeaders } from 'node:http';
import type { Rejection } from './rejection.js';
import type { Route } from './routes.js';

const basic = /^basic +(.*)$/i;

/** Checks the token in one of the two places where the API contract puts it. */
export type TokenCheck = (
  headers: IncomingHttpHeaders,
  query: string,
  auth: Route['auth'],
) => Rejection | undefined;

/**
 * Makes the check for one token, or for any at all. No rejection repeats what was sent: it may be someone's token.
 */
export function createTokenCheck(token: string | undefined): TokenCheck {
  const expected = token === undefined ? undefined : `Basic ${Buffer.from(`${token}:`).toString('base64')}`;
  const isRight = (got: string): boolean => token === undefined || got === token;

  return ({ authorization }, query, auth) => {
    // The fast path; the rest finds out what is wrong.
    if (authorization !== undefined && authorization === expected) return undefined;
    if (authorization !== undefined) return checkBasic(authorization, isRight);
    const inQuery = tokenInQuery(query);
    if (inQuery && auth === 'basic') return missing('HTTP Basic, which is all that this path takes');
    if (!inQuery) return missing('HTTP Basic or ?api_token=');
    return isRight(inQuery) ? undefined : wrong('api_token: expected the token, got another value');
  };
}

/** What was shown as the token, right or wrong. */
export function shownToken({ authorization = '' }: IncomingHttpHeaders, query: string): string | undefined {
  return decodeBasic(authorization)?.split(':', 1)[0] || tokenInQuery(query) || undefined;
}

function checkBasic(authorization: string, isRight: (token: string) => boolean): Rejection | undefined {
  const decoded = decodeBasic(authorization);
  if (decoded === undefined) return wrong('Authorization: expected the Basic scheme, got another one');
  const colon = decoded.indexOf(':');
  if (colon < 0) return wrong('Authorization: expected the token and a colon, got no colon');
  if (decoded.length > colon + 1) return wrong('Authorization: expected an empty password, got one');
  if (colon === 0) return missing('a user name in HTTP Basic');
  return isRight(decoded.slice(0, colon))
    ? undefined
    : wrong('Authorization: expected the token as user name, got another one');
}

function decodeBasic(authorization: string): string | undefined {
  const encoded = basic.exec(authorization)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString();
}

function tokenInQuery(query: string): string | null {
  return new URLSearchParams(query).get('api_token');
}

const missing = (where: string): Rejection => ({
  status: 400,
  message: `API key missing: expected the token as ${where}`,
});

const wrong = (what: string): Rejection => ({ status: 401, message: `Wrong API key. ${what}` });
