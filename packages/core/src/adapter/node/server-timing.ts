import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ResponseHead } from '../exchange.js';

/** The headers that `writeHead` takes: an object, or names and values in turn. */
type HeadersArgument = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * Adds an entry to `Server-Timing` when the head of a response is about to be written: what the response is to be is
 * known no earlier. Every way of Node to begin a response calls `writeHead`.
 *
 * @param entryOf - returns the entry, or `undefined` for none
 */
export function addServerTiming(
  res: ServerResponse,
  entryOf: (head: ResponseHead) => string | undefined,
): void {
  const original = res.writeHead as (...args: unknown[]) => ServerResponse;
  res.writeHead = (...args: unknown[]) => {
    res.writeHead = original as ServerResponse['writeHead'];
    const given = args[args.length - 1];
    const headers = isHeaders(given) ? given : undefined;
    const header: ResponseHead['header'] = (name) => {
      const value = (headers && find(headers, name)) ?? res.getHeader(name);
      return value === undefined ? undefined : String(value);
    };
    const entry = entryOf({ status: Number(args[0]), header });
    if (entry !== undefined && !res.headersSent) {
      // What `writeHead` is given takes the place of what was set before.
      if (headers && find(headers, 'server-timing') !== undefined)
        args[args.length - 1] = withEntry(headers, entry);
      else res.setHeader('Server-Timing', appended(res.getHeader('server-timing'), entry));
    }
    return original.apply(res, args);
  };
}

function isHeaders(value: unknown): value is HeadersArgument {
  return typeof value === 'object' && value !== null;
}

function find(headers: HeadersArgument, name: string): OutgoingHttpHeader | undefined {
  if (!Array.isArray(headers)) {
    const key = Object.keys(headers).find((it) => it.toLowerCase() === name);
    return key === undefined ? undefined : headers[key];
  }
  const index = indexOf(headers, name);
  return index === -1 ? undefined : headers[index + 1];
}

function indexOf(headers: readonly OutgoingHttpHeader[], name: string): number {
  return headers.findIndex((it, index) => index % 2 === 0 && String(it).toLowerCase() === name);
}

function withEntry(headers: HeadersArgument, entry: string): HeadersArgument {
  if (Array.isArray(headers)) {
    const index = indexOf(headers, 'server-timing') + 1;
    return headers.with(index, appended(headers[index], entry));
  }
  const key = Object.keys(headers).find((it) => it.toLowerCase() === 'server-timing') as string;
  return { ...headers, [key]: appended(headers[key], entry) };
}

function appended(value: OutgoingHttpHeader | undefined, entry: string): string {
  return value === undefined ? entry : `${value}, ${entry}`;
}
