import { describe, wrongOption } from '../../errors.js';
import { prefixOf } from './path-prefix.js';

/** Where visitors see the site. */
export interface SiteUrl {
  /** `undefined` where a request does not show it. */
  readonly origin: string | undefined;
  /** The path that a proxy in front strips, such as `/app`; else empty. */
  readonly prefix: string;
}

const anOrigin = 'an origin such as https://app.example.com';

/** Reads the option `baseUrl`, such as `https://app.example.com`, or `https://example.com/app` where a proxy strips `/app`. */
export function readSiteUrl(name: string, value: unknown): SiteUrl {
  const url = webUrl(value);
  const prefix = url && prefixOf(url.pathname);
  if (url && prefix !== undefined && url.href === url.origin + url.pathname) {
    return { origin: url.origin, prefix };
  }
  const expected = `${anOrigin}, or with a path, https://example.com/app`;
  throw wrongOption(name, expected, url ? 'a URL with a user, a query or a fragment' : describe(value));
}

/** Reads an option that is an origin, such as `https://app.example.com`. */
export function readOrigin(name: string, value: unknown): string {
  const url = webUrl(value);
  if (url?.href === `${url?.origin}/`) return url.origin;
  throw wrongOption(name, anOrigin, url ? 'a URL with more than that' : describe(value));
}

function webUrl(value: unknown): URL | undefined {
  const text = value instanceof URL ? value.href : value;
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) ? url : undefined;
}
