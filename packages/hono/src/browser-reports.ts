import { webReports } from '@successeve/core/adapter';
import type { Context, MiddlewareHandler } from 'hono';
import { rawOf } from './tracking.js';

/**
 * Takes what browsers report, where `tracking` has the option `browser`: answers `POST /seen` with 204. Mount it after
 * your session and authentication, so that `identify` knows the visitor, and before a CSRF check.
 */
export function browserReports(): MiddlewareHandler {
  const answer = webReports();
  return async (c, next) => answer(rawOf(c), () => parsedBody(c)) ?? next();
}

/** The body where another middleware has read it: Hono keeps it, in the form in which it was read. */
async function parsedBody({ req }: Context): Promise<unknown> {
  try {
    return req.raw.bodyUsed ? await req.json() : undefined;
  } catch {
    return undefined;
  }
}
