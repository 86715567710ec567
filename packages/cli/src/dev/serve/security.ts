import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Where the server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** On every answer of the page and of what it asks for. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Whether a host name means this machine, and no other: browsers ask no name server for `localhost`. */
export function isLoopback(host: string): boolean {
  return /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}

/**
 * Says why a request is not answered at all: a page of another site must neither reach us under a name of its own
 * (DNS rebinding) nor send us anything.
 */
export function findIntrusion(request: IncomingMessage, address: Address): string | undefined {
  const { host = '' } = request.headers;
  if (!isRightHost(host, address)) {
    return `Host: expected localhost, a loopback address or what --host was told, with the port ${address.port}`;
  }
  if (senderOf(request) === 'another page' && !isPageVisit(request)) {
    return 'Origin: expected this server, or no browser at all; a web page must not know the API token, so send events from your server';
  }
  return undefined;
}

/** Whether a request comes from the page itself: the only one that may change something here. */
export function isFromPage(request: IncomingMessage): boolean {
  return senderOf(request) === 'our page';
}

/** Who sends: browsers say it in headers that no page can set. */
function senderOf({ headers }: IncomingMessage): 'our page' | 'another page' | 'no browser' {
  const { 'sec-fetch-site': site, origin, host } = headers;
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'our page' : 'another page';
  if (origin === undefined) return 'no browser';
  return origin === `http://${host}` ? 'our page' : 'another page';
}

/** A link may lead to the page from anywhere; what a page fetches or embeds is something else. */
function isPageVisit({ method, url = '', headers }: IncomingMessage): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && !url.startsWith('/v1/');
}

function isRightHost(host: string, address: Address): boolean {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return false;
  const { hostname, port } = new URL(`http://${host}`);
  const isOpen = !isLoopback(address.host);
  // What others reach us by may be forwarded from another port.
  if (!isOpen && (port || '80') !== String(address.port)) return false;
  if (isLoopback(hostname) || hostname === address.host.toLowerCase()) return true;
  // No name server can be told to answer for an address.
  return isOpen && isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
