import type { ServerResponse } from 'node:http';
import type { WebAnswer } from '../browser/web-answer.js';

/** Sends an answer of the kit's by Node's own response. */
export function sendAnswer(res: ServerResponse, { status, headers, body }: WebAnswer): void {
  // A middleware gave up on the request, after a time of its own.
  if (res.headersSent) return;
  for (const [name, value] of Object.entries(headers)) {
    const earlier = name === 'vary' ? res.getHeader(name) : undefined;
    res.setHeader(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  res.statusCode = status;
  res.end(body);
}
