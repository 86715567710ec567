import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTracker, type Tracker, type TrackerOptions } from '@successeve/core';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { type NextTrackingOptions, registerTracking, type TrackedRequest, track } from './index.js';

let api: FakeApi;

beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());

function open(options: TrackerOptions = {}): Tracker {
  const tracker = createTracker({ apiToken: api.token, apiUrl: api.url, flushOnExit: false, ...options });
  onTestFinished(async () => {
    await tracker.close();
    api.clear();
  });
  return tracker;
}

/** A server, as Next has one, that is asked for a page. */
async function visit(
  path: string,
  headers: Record<string, string> = {},
  handle?: RequestListener,
): Promise<void> {
  const server = createServer((req, res) => {
    handle?.(req, res);
    res.setHeader('content-type', 'text/html').end('<h1>page</h1>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const browser = { accept: 'text/html', 'user-agent': 'Mozilla/5.0 Chrome/156.0.0.0', connection: 'close' };
  const { request } = await import('node:http');
  const asked = request({ host: '127.0.0.1', port, path, headers: { ...browser, ...headers } }).end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  await once(answer, 'end');
  await new Promise((resolve) => server.close(resolve));
}

const identify: NextTrackingOptions['identify'] = ({ cookies }) => {
  const contactUid = cookies.get('user');
  return contactUid ? { contactUid } : null;
};

it('shows identify the request as it arrived, also where Next changes it', async () => {
  const tracker = open();
  const seen: TrackedRequest[] = [];
  registerTracking(tracker, {
    identify: (request) => {
      seen.push(request);
      return { contactUid: 'ada' };
    },
  });

  await visit('/a?b=1', { cookie: 'a=1; b=%C3%A9; broken=%E0%A4; a=2', 'x-tenant': 'acme' }, (req) => {
    req.url = '/rewritten';
    req.headers = {};
  });

  expect(seen).toHaveLength(1);
  expect(seen[0]?.url.href).toMatch(/:\d+\/a\?b=1$/);
  expect(seen[0]?.headers.get('x-tenant')).toBe('acme');
  expect([...(seen[0]?.cookies ?? [])]).toEqual([
    ['a', '2'],
    ['b', 'é'],
  ]);
});

it('goes on with the new tracker where a hot reload registers again, and closes the former one', async () => {
  const former = open();
  const close = vi.spyOn(former, 'close');
  registerTracking(former, { identify });
  await visit('/first', { cookie: 'user=ada' });
  const tracker = open();
  registerTracking(tracker, { identify });
  registerTracking(tracker, { identify });
  await visit('/second', { cookie: 'user=ada' });
  await tracker.flush();

  expect(close).toHaveBeenCalledOnce();
  expect(former.stats().pageviews.recorded).toBe(1);
  expect(tracker.stats().pageviews.recorded).toBe(1);
  expect(api.pageviews).toHaveLength(2);
});

it('delivers before a server says that it is closed', async () => {
  const tracker = open();
  registerTracking(tracker, { identify });

  await visit('/page', { cookie: 'user=ada' });

  // `visit` closes its server, as `next start` does before it ends the process.
  expect(api.pageviews).toHaveLength(1);
});

it('lets a platform that freezes processes wait for the delivery', async () => {
  const context = Symbol.for('@next/request-context');
  const waitUntil = vi.fn<(promise: Promise<unknown>) => void>();
  Object.assign(globalThis, { [context]: { get: () => ({ waitUntil }) } });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, context));
  registerTracking(open(), { identify });

  await visit('/page', { cookie: 'user=ada' });

  expect(await waitUntil.mock.calls[0]?.[0]).toEqual({ delivered: 1, pending: 0 });
});

it.each<[string, () => unknown]>([
  [
    'cannot wait',
    () => ({
      waitUntil() {
        throw new Error('too late');
      },
    }),
  ],
  [
    'has no context to give',
    () => {
      throw new Error('no context');
    },
  ],
])('goes on where a platform %s, and says so', async (_, get) => {
  const context = Symbol.for('@vercel/request-context');
  Object.assign(globalThis, { [context]: { get } });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, context));
  const onError = vi.fn<(error: Error) => void>();
  registerTracking(open({ onError }), { identify });

  await visit('/page', { cookie: 'user=ada' });

  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'callback_failed' }));
  expect(api.pageviews).toHaveLength(1);
});

it('says what is wrong with options, and changes nothing then', () => {
  expect(() => registerTracking(open(), {} as never)).toThrow('identify: expected a function');
});

it('accounts for what is tracked outside of a request', () => {
  const tracker = open();
  registerTracking(tracker, { identify });

  track().event('tested');
  track().pageview();
  track().identify({ contactUid: 'ada' });
  track().skip();

  expect(tracker.stats()).toMatchObject({ accepted: 2, dropped: { no_contact: 2 } });
});
