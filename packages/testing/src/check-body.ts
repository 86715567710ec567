import { describeValue } from './describe-value.js';
import type { ReadBody } from './read-body.js';
import type { Rejection } from './rejection.js';
import type { Route } from './routes.js';

const jsonType = /^application\/json *(;|$)/i;

/** Parses a body; undefined if it is not JSON. */
export function parseBody({ text, isTooLarge }: ReadBody): unknown {
  if (isTooLarge || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Rejects a body that its route does not accept. */
export function checkBody(
  { check, maxBodyBytes }: Route,
  contentType: string | undefined,
  { text, isTooLarge }: ReadBody,
  parsed: unknown,
): Rejection | undefined {
  if (check === undefined) return undefined;
  if (contentType === undefined || !jsonType.test(contentType)) {
    return {
      status: 406,
      message: `Content-Type: expected application/json, got ${describeValue(contentType)}`,
    };
  }
  if (isTooLarge) return { status: 413, message: `body: expected at most ${maxBodyBytes} bytes, got more` };
  if (parsed === undefined)
    return { status: 400, message: `body: expected JSON, got ${describeValue(text)}` };
  const problem = check(parsed);
  return problem === undefined ? undefined : { status: 400, message: problem };
}
