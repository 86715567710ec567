import type { Exchange } from '../exchange.js';
import { readBody } from './read-body.js';
import { maxReportBytes } from './report.js';

/**
 * Reads the body of a report: from the request itself or, where a parser of the application's has read that, what the
 * parser made of it.
 *
 * @returns `undefined` where it is too large.
 */
export async function reportBody(request: Exchange<unknown>, parsed: unknown): Promise<unknown> {
  // Parsers set a body also where they leave the request alone: Express 4 sets `{}`.
  const unread = request.body();
  if (unread) return readBody(unread, maxReportBytes);
  const body = parsed instanceof Uint8Array ? new TextDecoder().decode(parsed) : (parsed ?? null);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text.length > maxReportBytes ? undefined : body;
}
