import type { OutgoingHttpHeader, ServerResponse } from 'node:http';
import type { ResponseHead } from '../exchange.js';

/** The headers that `writeHead` takes: by name, or names and values in turn, by index. */
type HeadersArgument = Readonly<Record<string, OutgoingHttpHeader | undefined>>;

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
    const given = args.at(-1);
    const headers: HeadersArgument = isHeaders(given) ? given : {};
    const header: ResponseHead['header'] = (name) => {
      const value = headers[keyOf(headers, name)] ?? res.getHeader(name);
      return value === undefined ? undefined : String(value);
    };
    const entry = entryOf({ status: Number(args[0]), header });
    if (entry !== undefined && !res.headersSent) {
      const key = keyOf(headers, 'server-timing');
      // What `writeHead` is given takes the place of what was set before.
      if (key in headers) args[args.length - 1] = withHeader(headers, key, appended(headers[key], entry));
      else res.setHeader('Server-Timing', appended(res.getHeader('server-timing'), entry));
    }
    return original.apply(res, args);
  };
}

function isHeaders(value: unknown): value is HeadersArgument {
  return typeof value === 'object' && value !== null;
}

/** The key of a header's value: its name as it was given or, in a list, the index behind its name. */
function keyOf(headers: HeadersArgument, name: string): string {
  const isName = (given: unknown): boolean => String(given).toLowerCase() === name;
  if (!Array.isArray(headers)) return Object.keys(headers).find(isName) ?? name;
  const index = headers.findIndex((given, index) => index % 2 === 0 && isName(given));
  return index === -1 ? name : String(index + 1);
}

function withHeader(headers: HeadersArgument, key: string, value: string): HeadersArgument {
  return Object.assign(Array.isArray(headers) ? [...headers] : { ...headers }, { [key]: value });
}

function appended(value: OutgoingHttpHeader | undefined, entry: string): string {
  return value === undefined ? entry : `${value}, ${entry}`;
}
