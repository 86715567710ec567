import { describeValue } from './describe-value.js';
import type { ReadBody } from './read-body.js';
import type { Refusal } from './refusal.js';
import type { Route } from './routes.js';

const jsonType = /^application\/json *(;|$)/i;

/** Parses a body; undefined is no JSON, since no JSON says undefined. */
export function parseBody({ text, isTooLarge }: ReadBody): unknown {
  if (isTooLarge || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Refuses a body that is not what its route takes. */
export function checkBody(
  { check, maxBodyBytes }: Route,
  contentType: string | undefined,
  { text, isTooLarge }: ReadBody,
  parsed: unknown,
): Refusal | undefined {
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
