import { type IncomingHttpHeaders, request } from 'node:http';
import { onTestFinished } from 'vitest';
import { type FakeApi, type FakeApiOptions, startFakeApi } from './fake-api.js';

/** What a test sends: by default a POST with the right token and content type. */
export interface Sending {
  readonly method?: string;
  /** Sent as it is if it is a string or a buffer, and else as JSON. */
  readonly body?: unknown;
  /** In addition to or instead of the usual headers; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Gives the request up. */
  readonly signal?: AbortSignal;
}

/** What came back. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A registration, right in every respect. */
export const event = {
  contact_uid: '123456',
  event_uid: 'user_registration',
  params: { account_uid: '78910', display_name: 'Registration' },
} as const;

/** A pageview, right in every respect. */
export const pageview = {
  contact_uid: '123456',
  event_uid: 'pageview',
  params: { account_uid: '78910', visit_url: 'http://myproduct.com/onboarding' },
} as const;

/** Starts a fake API that is closed when the test is over. */
export async function start(options?: FakeApiOptions): Promise<FakeApi> {
  const api = await startFakeApi(options);
  onTestFinished(() => api.close());
  return api;
}

/** The Authorization header of a user name and a password. */
export function basic(user: string, password = ''): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Sends one request over real HTTP. */
export function send(api: FakeApi, path: string, sending: Sending = {}): Promise<Received> {
  const { method = 'POST', body, headers, signal } = sending;
  const usual = { authorization: basic(api.token), 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${api.url}${path}`, { method, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    for (const [name, value] of Object.entries({ ...usual, ...headers })) {
      if (value !== undefined) outgoing.setHeader(name, value);
    }
    outgoing.on('error', reject);
    outgoing.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
}

/** Sends one event. */
export function track(api: FakeApi, body: unknown = event): Promise<Received> {
  return send(api, '/v1/track/event', { body });
}
