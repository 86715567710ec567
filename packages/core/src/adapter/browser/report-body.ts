import type { Exchange } from '../exchange.js';
import { maxReportBytes } from './report.js';

/**
 * Reads the body of a report: from the request itself or, where a parser of the application's has read that, what the
 * parser made of it.
 *
 * @returns `undefined` where it is too large.
 */
export async function reportBody(
  request: Pick<Exchange<unknown>, 'body'>,
  parsed: unknown,
): Promise<unknown> {
  // Parsers set a body also where they leave the request alone: Express 4 sets `{}`.
  const unread = request.body();
  if (unread) return readText(unread);
  const body = parsed instanceof Uint8Array ? new TextDecoder().decode(parsed) : (parsed ?? null);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text.length > maxReportBytes ? undefined : body;
}

/** Reads a body of Node or of the web; nothing more of one that is too large. */
async function readText(chunks: AsyncIterable<Uint8Array | string>): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of chunks) {
    // A middleware may have set an encoding.
    const part = typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
    bytes += part.byteLength;
    if (bytes > maxReportBytes) return undefined;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
