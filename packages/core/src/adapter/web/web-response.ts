import type { WebAnswer } from '../browser/web-answer.js';

/** An answer of the kit's as the web's own response. */
export function webResponse({ status, headers, body }: WebAnswer): Response {
  return new Response((body ?? null) as ConstructorParameters<typeof Response>[0], { status, headers });
}
