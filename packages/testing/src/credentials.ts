import type { IncomingHttpHeaders } from 'node:http';
import type { Refusal } from './refusal.js';
import type { Route } from './routes.js';

const BASIC = /^basic +(.*)$/i;

/** Checks the token in one of the two places where the API contract puts it. */
export type TokenCheck = (
  headers: IncomingHttpHeaders,
  query: string,
  auth: Route['auth'],
) => Refusal | undefined;

/** Makes the check for one token. No refusal repeats what was sent: it may be a token of somebody's. */
export function createTokenCheck(token: string): TokenCheck {
  const expected = `Basic ${Buffer.from(`${token}:`).toString('base64')}`;

  return ({ authorization }, query, auth) => {
    // Nearly every request is right; the rest decides what to say to the others.
    if (authorization === expected) return undefined;
    if (authorization !== undefined) return checkBasic(authorization, token);
    const inQuery = new URLSearchParams(query).get('api_token');
    if (inQuery && auth === 'basic') return missing('HTTP Basic, which is all that this path takes');
    if (!inQuery) return missing('HTTP Basic or ?api_token=');
    return inQuery === token ? undefined : wrong('api_token: expected the token, got another value');
  };
}

function checkBasic(authorization: string, token: string): Refusal | undefined {
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) return wrong('Authorization: expected the Basic scheme, got another one');
  const decoded = Buffer.from(encoded, 'base64').toString();
  const colon = decoded.indexOf(':');
  if (colon < 0) return wrong('Authorization: expected the token and a colon, got no colon');
  if (decoded.length > colon + 1) return wrong('Authorization: expected an empty password, got one');
  if (colon === 0) return missing('a user name in HTTP Basic');
  return decoded === `${token}:`
    ? undefined
    : wrong('Authorization: expected the token as user name, got another one');
}

const missing = (where: string): Refusal => ({
  status: 400,
  message: `API key missing: expected the token as ${where}`,
});

const wrong = (what: string): Refusal => ({ status: 401, message: `Wrong API key. ${what}` });
