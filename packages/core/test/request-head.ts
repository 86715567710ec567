import type { RequestHead } from '../src/adapter/exchange.js';

/** The head of a request with these headers. */
export function requestHead(
  headers: Readonly<Record<string, string | undefined>>,
  method = 'GET',
): RequestHead {
  return { method, header: (name) => headers[name] };
}
