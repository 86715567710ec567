import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The headers of every response except those of the API; a file of the page may be cached. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Whether a host name is always this machine: browsers resolve `localhost` themselves. */
export function isLoopback(host: string): boolean {
  return /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}

/**
 * Returns why a request is rejected: a page of another site must neither reach the server under its own name (DNS
 * rebinding) nor send anything.
 */
export function findIntrusion(request: IncomingMessage, address: Address): string | undefined {
  const { host = '' } = request.headers;
  if (!isRightHost(host, address)) {
    return `Host: expected localhost, a loopback address or that of --host, with the port ${address.port}`;
  }
  if (senderOf(request) === 'another page' && !isPageVisit(request)) {
    return 'Origin: expected this server, or no browser at all; a web page must not have the API token, so send events from your server';
  }
  return undefined;
}

/** Whether a request comes from the page itself, which alone may change settings. */
export function isFromPage(request: IncomingMessage): boolean {
  return senderOf(request) === 'our page';
}

/** The sender, by headers that a browser sets and no page can. */
function senderOf({ headers }: IncomingMessage): 'our page' | 'another page' | 'no browser' {
  const { 'sec-fetch-site': site, origin, host } = headers;
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'our page' : 'another page';
  if (origin === undefined) return 'no browser';
  return origin === `http://${host}` ? 'our page' : 'another page';
}

/** A link from another site may open the page; `fetch` and embedding may not. */
function isPageVisit({ method, url = '', headers }: IncomingMessage): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && !url.startsWith('/v1/');
}

function isRightHost(host: string, address: Address): boolean {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return false;
  const { hostname, port } = new URL(`http://${host}`);
  const isOpen = !isLoopback(address.host);
  // The port may be forwarded from another one.
  if (!isOpen && (port || '80') !== String(address.port)) return false;
  if (isLoopback(hostname) || hostname === address.host.toLowerCase()) return true;
  // DNS rebinding needs a name; an address is safe.
  return isOpen && isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
