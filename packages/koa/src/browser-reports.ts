import { findReport } from '@successeve/core/adapter';
import type { Middleware } from 'koa';
import { setAnswer } from './set-answer.js';

/**
 * Takes what browsers report, where `tracking` has the option `browser`: answers `POST /seen` with 204. Mount it after
 * your session and authentication, so that `identify` knows the visitor, and before a CSRF check.
 */
export function browserReports(): Middleware {
  return async (ctx, next) => {
    const take = findReport(ctx.req);
    if (!take) return next();
    const { body } = ctx.request as { body?: unknown };
    setAnswer(ctx, await take(body));
  };
}
