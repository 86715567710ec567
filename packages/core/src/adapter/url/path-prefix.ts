import type { Exchange } from '../exchange.js';

/**
 * The path under which a proxy shows the application, and which it strips from requests: `X-Forwarded-Prefix`, where the
 * application trusts its proxy. Empty where there is none. Several proxies name theirs from the outside in.
 */
export function forwardedPrefix(exchange: Pick<Exchange<unknown>, 'header' | 'proxyHint'>): string {
  const header = exchange.header('x-forwarded-prefix');
  if (!header || !exchange.proxyHint || exchange.proxyHint() !== undefined) return '';
  return prefixOf(header.split(',').join('/')) ?? '';
}

/** A path as a prefix, such as `/app`, without a slash at its end; `undefined` for one with other than path characters. */
export function prefixOf(path: string): string | undefined {
  const prefix = `/${path}`.replaceAll(/[\s/]+/g, '/').replace(/\/$/, '');
  return /^(?:\/[\w.~!$&'()*+;=:@%-]+)*$/.test(prefix) ? prefix : undefined;
}

/** The path that the visitor saw. Where a proxy names its prefix but does not strip it, nothing is added. */
export function withPrefix(prefix: string, path: string): string {
  return prefix === '' || isUnder(prefix, path) ? path : prefix + path;
}

/** The path as the application sees it. */
export function withoutPrefix(prefix: string, path: string): string {
  if (prefix === '' || !isUnder(prefix, path)) return path;
  const rest = path.slice(prefix.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function isUnder(prefix: string, path: string): boolean {
  return path.startsWith(prefix) && /^[/?#]?$/.test(path.charAt(prefix.length));
}
