import type { Socket } from 'node:net';
import { followedRequest, warnOfHiddenOrigin } from '@successeve/core/adapter';
import { type Registration, shared } from '../shared.js';
import { type ArrivedExchange, ArrivedRequest } from '../tracked-request.js';

/** Most bytes of a report: one URL. */
const maxBytes = 4096;

/** How fast one connection may report: more than a reader clicks, also where a proxy carries many on one. */
const burst = 60;
const perSecond = 10;

type Rejection = 'cross_site' | 'too_large' | 'foreign_url' | 'too_many';

/** Reads the body, up to so many bytes; `undefined` where there are more. */
type ReadBody = (maxBytes: number) => string | undefined | Promise<string | undefined>;

/**
 * Takes a browser's report of a page that it showed without asking the server. Never throws, and reports nothing to its
 * sender: a rejected report is counted, with its reason.
 */
export async function takeReport(exchange: ArrivedExchange | undefined, readBody: ReadBody): Promise<void> {
  const { registration } = shared;
  if (!registration || !exchange) return;
  const followed = followedRequest(exchange.raw) ?? registration.tracking.follow(exchange);
  try {
    const report = await readReport(registration, exchange, readBody);
    if (typeof report === 'string') return followed.rejectReport(report);
    const target = report.pathname + report.search;
    followed.reportPage({ target, request: new ArrivedRequest(exchange.raw, target) });
  } catch {
    // The connection broke in the middle of the body.
  }
}

async function readReport(
  { host, tracker }: Registration,
  exchange: ArrivedExchange,
  readBody: ReadBody,
): Promise<URL | Rejection> {
  const origin = exchange.origin();
  const hosts = new Set([host, origin && new URL(origin).host]);
  if (!isFromSite(exchange, hosts)) {
    // A browser that calls it the same origin asked for that host, however it is named here.
    const reported = exchange.header('origin') ?? '';
    if (exchange.header('sec-fetch-site') === 'same-origin' && URL.canParse(reported)) {
      warnOfHiddenOrigin(tracker, new URL(reported).origin, origin);
    }
    return 'cross_site';
  }
  if (!mayReport(exchange.raw.socket)) return 'too_many';
  if (Number(exchange.header('content-length') ?? 0) > maxBytes) return 'too_large';
  const body = await readBody(maxBytes);
  if (body === undefined) return 'too_large';
  const url = URL.canParse(body) ? new URL(body) : undefined;
  return url && /^https?:$/.test(url.protocol) && hosts.has(url.host) ? url : 'foreign_url';
}

/** Browsers say where a request comes from; those too old for `Sec-Fetch-Site` name the origin at least. */
function isFromSite(exchange: ArrivedExchange, hosts: ReadonlySet<string | undefined>): boolean {
  const origin = exchange.header('origin');
  const site = exchange.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return false;
  // Firefox sends `Origin: null` under `Referrer-Policy: no-referrer`.
  if (origin === undefined || origin === 'null') return site !== undefined;
  return URL.canParse(origin) && hosts.has(new URL(origin).host);
}

const allowances = new WeakMap<Socket, { left: number; at: number }>();

function mayReport(socket: Socket): boolean {
  const now = Date.now();
  const allowance = allowances.get(socket) ?? { left: burst, at: now };
  allowances.set(socket, allowance);
  allowance.left = Math.min(burst, allowance.left + ((now - allowance.at) / 1000) * perSecond);
  allowance.at = now;
  if (allowance.left < 1) return false;
  allowance.left -= 1;
  return true;
}
