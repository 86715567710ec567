import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { SkipReason, TrackerStats } from '@successeve/core';

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Sending {
  readonly method?: string;
  /** `undefined` leaves a header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

/** Sends a browser's request, as a signed-in contact. */
export async function send(url: string, user: string | undefined, sending: Sending = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = sending;
  const outgoing = request(url, { method });
  const all = { 'user-agent': chrome, cookie: user && `user=${user}`, ...headers };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) outgoing.setHeader(name, value);
  outgoing.end(body);
  const [answer] = await new Promise<[import('node:http').IncomingMessage]>((resolve, reject) => {
    outgoing.once('response', (response) => resolve([response])).once('error', reject);
  });
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}

/** Opens a page, as far as a server can see. */
export function visit(url: string, user?: string): Promise<Answer> {
  return send(url, user, { headers: { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' } });
}

/** Reports a page, as the client piece does. */
export function report(relay: string, user: string, page: string, sending: Sending = {}): Promise<Answer> {
  const headers = {
    'sec-fetch-site': 'same-origin',
    origin: new URL(relay).origin,
    'content-type': 'text/plain;charset=UTF-8',
    ...sending.headers,
  };
  const { pathname, search, hash } = new URL(page);
  const body = JSON.stringify({ page: pathname + search + hash, age: 0 });
  return send(relay, user, { method: 'POST', body, ...sending, headers });
}

/** How often each reason was counted. */
export async function skippedBy(site: string): Promise<Record<SkipReason, number>> {
  const { body } = await send(`${site}/api/stats`, undefined);
  return (JSON.parse(body) as TrackerStats).pageviews.skipped;
}
