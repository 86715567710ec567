import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type Followed, type Registration, shared } from '../shared.js';
import { ArrivedRequest, originOfRequest } from '../tracked-request.js';

/** Most bytes of a report: one URL. */
const maxBytes = 4096;

/** How fast one connection may report: more than a reader clicks, also where a proxy carries many on one. */
const burst = 60;
const perSecond = 10;

type Refusal = 'cross_site' | 'too_large' | 'foreign_url' | 'too_many';

/** Reads the body, up to so many bytes; `undefined` where there are more. */
type ReadBody = (maxBytes: number) => string | undefined | Promise<string | undefined>;

/**
 * Takes a browser's report of a page that it showed without asking the server. Never throws, and tells whoever sends it
 * nothing: what is not believed is counted, with its reason.
 */
export async function takeReport(followed: Followed | undefined, readBody: ReadBody): Promise<void> {
  const { registration } = shared;
  if (!registration || !followed) return;
  const { req, res } = followed;
  try {
    const report = await readReport(registration, req, readBody);
    if (typeof report === 'string') return registration.tracking.refuse(report, { req });
    const target = report.pathname + report.search;
    const request = new ArrivedRequest(req, target);
    registration.tracking.report({ request, req, res, target, origin: () => originOfRequest(req) });
  } catch {
    // The connection broke in the middle of the body.
  }
}

async function readReport(
  { host, tracking }: Registration,
  req: IncomingMessage,
  readBody: ReadBody,
): Promise<URL | Refusal> {
  const origin = originOfRequest(req);
  const hosts = new Set([host, origin && new URL(origin).host]);
  if (!isFromSite(req.headers, hosts)) {
    // A browser that calls it the same origin asked for that host, whatever it is called here.
    const { origin: reported = '', 'sec-fetch-site': site } = req.headers;
    if (site === 'same-origin' && URL.canParse(reported)) {
      tracking.warnOfHiddenOrigin(new URL(reported).origin, origin);
    }
    return 'cross_site';
  }
  if (!mayReport(req.socket)) return 'too_many';
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) return 'too_large';
  const body = await readBody(maxBytes);
  if (body === undefined) return 'too_large';
  const url = URL.canParse(body) ? new URL(body) : undefined;
  return url && /^https?:$/.test(url.protocol) && hosts.has(url.host) ? url : 'foreign_url';
}

/** Browsers say where a request comes from; those too old for `Sec-Fetch-Site` name the origin at least. */
function isFromSite(headers: IncomingHttpHeaders, hosts: ReadonlySet<string | undefined>): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined) return site !== undefined;
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
