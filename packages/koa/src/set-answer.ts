import type { WebAnswer } from '@successeve/core/adapter';
import type { Context } from 'koa';

/** Sets an answer of the kit's as that of the context. */
export function setAnswer(ctx: Context, { status, headers, body }: WebAnswer): void {
  const { vary, ...others } = headers;
  ctx.status = status;
  if (body !== undefined) ctx.body = Buffer.from(body);
  if (vary) ctx.vary(vary);
  // After the body, which has a type of its own.
  ctx.set(others);
}
