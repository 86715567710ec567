import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { FakeApi } from './fake-api.js';
import {
  createFakeApiHandler,
  type FakeApiHandler,
  type FakeApiHandlerOptions,
  type SettledRequest,
} from './handler.js';
import { basic, event, pageview, send, track } from './test-client.js';

interface OwnServer {
  /** As much of a fake API as the test client needs. */
  readonly api: FakeApi;
  readonly handler: FakeApiHandler;
  readonly settled: readonly SettledRequest[];
}

/** A server that keeps what the handler reports. */
async function startServer(options?: FakeApiHandlerOptions): Promise<OwnServer> {
  const handler = createFakeApiHandler(options);
  const settled: SettledRequest[] = [];
  const server = createServer((request, response) => {
    handler.handle(request, response, (outcome) => settled.push(outcome));
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const api = { url: `http://127.0.0.1:${port}`, token: 'any-token' } as FakeApi;
  return { api, handler, settled };
}

it('reports what was accepted, before the response is sent', async () => {
  const { api, settled } = await startServer();
  await track(api);
  expect(settled).toMatchObject([
    {
      request: { status: 200, path: '/v1/track/event', events: [event] },
      isAccepted: true,
      isScripted: false,
      messages: [{ kind: 'event', fields: event }],
      shownToken: 'any-token',
    },
  ]);
});

it('distinguishes contacts, accounts and events, in the order of a batch', async () => {
  const { api, settled } = await startServer();
  const contact = { method: 'contact', contact_uid: '1' };
  const account = { method: 'account', account_uid: '2' };
  await send(api, '/v1/batch', { body: [contact, { method: 'event', ...pageview }, account] });
  await send(api, '/v1/contact', { body: { contact_uid: '1' } });
  expect(settled.map(({ messages }) => messages.map(({ kind }) => kind))).toEqual([
    ['contact', 'event', 'account'],
    ['contact'],
  ]);
  expect(settled[0]?.request.events).toEqual([{ method: 'event', ...pageview }]);
});

it('reports what was rejected, by the contract or by a script', async () => {
  const { api, settled } = await startServer({ replies: [503, 'reset', { delayMs: 1 }] });
  await track(api);
  await track(api).catch(() => {});
  await track(api);
  await track(api, { ...event, event_uid: 'User Registered' });
  expect(
    settled.map(({ request, isAccepted, isScripted }) => [request.status, isAccepted, isScripted]),
  ).toEqual([
    [503, false, true],
    [undefined, false, true],
    [200, true, false],
    [400, false, false],
  ]);
  expect(settled[3]?.request.problem).toContain('body.event_uid: expected a name in snake_case');
});

it('reports a client that did not wait for its response', async () => {
  const leaving = new AbortController();
  const { api, settled } = await startServer({
    replies: [{ delayMs: 60_000 }],
    onArrival: () => leaving.abort(),
  });
  await send(api, '/v1/track/event', { body: event, signal: leaving.signal }).catch(() => {});
  await expect.poll(() => settled).toMatchObject([{ isAccepted: false, isScripted: true }]);
  expect(settled[0]?.request.status).toBeUndefined();
});

it('takes any token where none is said to be the right one, but not none', async () => {
  const { api, settled } = await startServer();
  const statusWith = async (authorization: string | undefined, query = ''): Promise<number> =>
    (await send(api, `/v1/track/event${query}`, { body: event, headers: { authorization } })).status;
  expect(await statusWith(basic('another'))).toBe(200);
  expect(await statusWith(undefined, '?api_token=a-third')).toBe(200);
  expect(await statusWith(undefined)).toBe(400);
  expect(await statusWith(basic(''))).toBe(400);
  expect(await statusWith(basic('right', 'password'))).toBe(401);
  expect(await statusWith('Bearer right')).toBe(401);
  expect(settled.map(({ shownToken }) => shownToken)).toEqual([
    'another',
    'a-third',
    undefined,
    undefined,
    'right',
    undefined,
  ]);
});

it('reports what is left of the rate limit without using it up', async () => {
  const { api, handler } = await startServer({ rateLimit: { limit: 2, windowMs: 60_000 } });
  expect(handler.rateLimit).toEqual({ limit: 2, remaining: 2, windowMs: 60_000, resetsAt: null });
  await track(api);
  const resetsAt = expect.any(Number);
  expect(handler.rateLimit).toEqual({ limit: 2, remaining: 1, windowMs: 60_000, resetsAt });
  expect((await startServer()).handler.rateLimit).toBeUndefined();
});
