import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTracker, type Tracker, type TrackerOptions, type Transport } from '../src/index.js';
import type { CreateHttpClient } from '../src/transport/http.js';
import { createHttpTransport, resolveHttpTransportOptions } from '../src/transport/http-transport.js';
import type { FakeApi } from './fake-api.js';
import { closeInTheEnd, fakeApi, serve } from './servers.js';

/** What the transport promises over any client for HTTP. */
export function describeHttpTransport(client: string, createClient: CreateHttpClient): void {
  describe(`over ${client}`, () => {
    afterEach(() => {
      vi.restoreAllMocks();
    });

    const retry = { minDelayMs: 5, maxDelayMs: 20 };

    function connect(options: TrackerOptions): Tracker {
      const transport: Transport = createHttpTransport(createClient, resolveHttpTransportOptions(options));
      const tracker = createTracker({
        retry,
        flushOnExit: false,
        onError() {},
        onDrop() {},
        ...options,
        transport,
      });
      closeInTheEnd(tracker);
      return tracker;
    }

    const connectTo = (api: FakeApi, options: TrackerOptions = {}): Tracker =>
      connect({ apiToken: api.token, apiUrl: api.url, ...options });

    it('posts the body of the contract, with the token in the header and nowhere in the URL', async () => {
      const api = await fakeApi();
      const tracker = connectTo(api);
      tracker.event('user_registration', {
        contactUid: '123456',
        accountUid: '78910',
        displayName: 'Registration',
      });
      expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
      const [request] = api.requests;
      expect(request).toMatchObject({
        method: 'POST',
        path: '/v1/track/event',
        query: '',
        status: 200,
        body: '{"contact_uid":"123456","event_uid":"user_registration","params":{"account_uid":"78910","display_name":"Registration"}}',
      });
      expect(request?.headers['content-type']).toBe('application/json');
      expect(request?.headers.authorization).toBe(`Basic ${Buffer.from(`${api.token}:`).toString('base64')}`);
    });

    it('can send the token in the query instead', async () => {
      const api = await fakeApi({ token: 'a+b/c=&d' });
      const tracker = connectTo(api, { auth: 'query' });
      tracker.event('x', { contactUid: 'a' });
      expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
      expect(api.requests[0]?.headers.authorization).toBeUndefined();
    });

    it('sends text of any kind, unharmed', async () => {
      const api = await fakeApi();
      const tracker = connectTo(api);
      const displayName = 'Zoë 🚀 \u0000 " \\ \n';
      tracker.event('x', { contactUid: 'żółć', displayName });
      await tracker.flush();
      expect(api.events).toMatchObject([{ contact_uid: 'żółć', params: { display_name: displayName } }]);
    });

    it('sends batches as the vendor does', async () => {
      const api = await fakeApi();
      const tracker = connectTo(api, { batch: true });
      const occurredAt = new Date('2026-11-23T10:00:00.000Z');
      for (let i = 0; i < 150; i++)
        tracker.event('x', { contactUid: i, params: { i, text: 'é' }, occurredAt });
      await tracker.flush();
      expect(api.requests.map(({ path, events }) => [path, events.length])).toEqual([
        ['/v1/batch', 100],
        ['/v1/batch', 50],
      ]);
      expect(api.events[7]).toEqual({
        method: 'event',
        contact_uid: '7',
        event_uid: 'x',
        params: { i: 7, text: 'é' },
        created_at: '2026-11-23T10:00:00.000Z',
      });
    });

    it('sends the time of an event only if it is late, or as createdAt says', async () => {
      const api = await fakeApi();
      const soon = new Date(Date.now() - 50_000);
      const late = new Date(Date.now() - 61_000);
      for (const createdAt of ['late', true, false] as const) {
        const tracker = connectTo(api, { createdAt });
        tracker.event('x', { contactUid: 'soon', occurredAt: soon });
        tracker.event('x', { contactUid: 'late', occurredAt: late });
        await tracker.flush();
      }
      expect(api.events.map((event) => event.created_at)).toEqual([
        undefined,
        late.toISOString(),
        soon.toISOString(),
        late.toISOString(),
        undefined,
        undefined,
      ]);
    });

    it('keeps a path prefix of apiUrl', async () => {
      const paths: (string | undefined)[] = [];
      const { url } = await serve((req) => {
        paths.push(req.url);
        return 200;
      });
      const tracker = connect({ apiToken: 't', apiUrl: `${url}/proxy/successeve/`, batch: { maxEvents: 2 } });
      for (const contactUid of ['a', 'b']) tracker.event('x', { contactUid });
      await tracker.flush();
      expect(paths).toEqual(['/proxy/successeve/v1/batch']);
    });

    it('never follows a redirect: the token goes to no other host', async () => {
      const elsewhere = vi.fn(() => 200);
      const { url: other } = await serve(elsewhere);
      const { url } = await serve(() => [302, { location: `${other}/v1/track/event` }]);
      const onError = vi.fn();
      const tracker = connect({ apiToken: 't', apiUrl: url, onError });
      tracker.event('x', { contactUid: 'a' });
      await vi.waitFor(() => expect(onError).toHaveBeenCalled(), { timeout: 10_000 });
      expect(await tracker.flush({ timeoutMs: 0 })).toEqual({ delivered: 0, pending: 1 });
      expect(elsewhere).not.toHaveBeenCalled();
      expect(onError.mock.calls).toEqual([[expect.objectContaining({ code: 'misconfigured' })]]);
    });

    it.each([
      ['a web application', 'text/html; charset=utf-8', '<!doctype html><title>Sign in</title>', 'HTML'],
      ['a filter that names no type', undefined, '\n<html><body>Blocked', 'HTML'],
      ['some other service', 'text/plain', 'It works!', 'text/plain'],
    ])('drops nothing where %s answers everything with 200', async (_, type, body, what) => {
      const onError = vi.fn();
      const { url } = await serve(() => [200, { ...(type && { 'content-type': type }) }, body]);
      const tracker = connect({ apiToken: 'secret-token', apiUrl: url, onError });
      for (let i = 0; i < 3; i++) tracker.event('x', { contactUid: i });
      await vi.waitFor(() => expect(onError).toHaveBeenCalled(), { timeout: 10_000 });
      expect(await tracker.flush({ timeoutMs: 50 })).toEqual({ delivered: 0, pending: 3 });
      expect(onError).toHaveBeenCalledTimes(1);
      const [error] = onError.mock.calls[0] ?? [];
      expect(error).toMatchObject({ code: 'misconfigured', status: 200 });
      expect(error.body).toBe(body);
      expect(error.message).toBe(
        `the API answered 200 with ${what} instead of JSON: check apiUrl, and any proxy between this process and the API`,
      );
      expect(tracker.stats().pausedUntil).toBeGreaterThan(Date.now() + 50_000);
    });

    it.each<[status: number, headers: Record<string, string>, body: string]>([
      [204, {}, ''],
      [200, { 'content-type': 'text/html' }, ''],
      [202, { 'content-type': 'application/problem+json; charset=utf-8' }, 'not even JSON'],
      [200, { 'content-type': 'text/plain' }, ' {"ok":true}'],
      [200, { 'content-type': 'text/html' }, '[]'],
      [200, { 'content-type': 'text/plain' }, 'true'],
      [200, {}, 'OK'],
    ])('takes an event for delivered with %s, %j and the body %j', async (...answer) => {
      const { url } = await serve(() => answer);
      const tracker = connect({ apiToken: 'secret-token', apiUrl: url });
      tracker.event('x', { contactUid: 'a' });
      expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
    });

    it('gives up on a request that takes too long, and tries again', async () => {
      const api = await fakeApi({ replies: ['hang', 200] });
      const tracker = connectTo(api, { timeoutMs: 50 });
      tracker.event('x', { contactUid: 'a' });
      expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
      expect(tracker.stats().lastError?.code).toBe('unavailable');
    });

    it('counts an event as delivered after a 200, also where the rest of the answer fails', async () => {
      const { url } = await serve((_, __, body) => (JSON.parse(body).contact_uid === 'a' ? 'cut' : 'hung'));
      const tracker = connect({ apiToken: 't', apiUrl: url, timeoutMs: 1500 });
      // One after the other: only the answer that hangs waits for the clock, and by then everything is loaded.
      for (const contactUid of ['a', 'b']) {
        tracker.event('x', { contactUid });
        expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
      }
      expect(tracker.stats()).toMatchObject({ retries: 0, lastError: null });
    });

    it('sends no request that would have to wait for a socket, though an answer of 200 does not end', async () => {
      const taken: string[] = [];
      const { url } = await serve((_, __, body) => {
        taken.push(JSON.parse(body).contact_uid);
        return taken.length % 50 === 0 ? 'hung' : 200;
      });
      const tracker = connect({ apiToken: 't', apiUrl: url, timeoutMs: 4000 });
      for (let i = 0; i < 200; i++) tracker.event('x', { contactUid: i });
      expect(await tracker.flush()).toEqual({ delivered: 200, pending: 0 });
      expect(taken).toHaveLength(200);
      expect(tracker.stats()).toMatchObject({ retries: 0, lastError: null });
    });

    it('takes a 101 for no answer, and goes on', async () => {
      const { url } = await serve((_, count) => (count % 3 === 1 ? 'upgrade' : 200));
      const tracker = connect({ apiToken: 't', apiUrl: url, timeoutMs: 60_000 });
      for (let i = 0; i < 10; i++) tracker.event('x', { contactUid: i });
      expect(await tracker.flush()).toEqual({ delivered: 10, pending: 0 });
      expect(tracker.stats().lastError?.code).toBe('unavailable');
    });

    it('gives up on an answer that never ends', async () => {
      const { url } = await serve((_, count) => (count === 1 ? 'endless' : 200));
      const tracker = connect({ apiToken: 't', apiUrl: url, timeoutMs: 50 });
      tracker.event('x', { contactUid: 'a' });
      expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
    });

    it('survives resets, an API that is not there and an API that talks nonsense', async () => {
      const api = await fakeApi({ replies: ['reset', { status: 500, body: '<html>' }, 'reset', 503] });
      const tracker = connectTo(api);
      for (let i = 0; i < 20; i++) tracker.event('x', { contactUid: i });
      expect(await tracker.flush()).toEqual({ delivered: 20, pending: 0 });
      expect(new Set(api.events.map((event) => event.contact_uid)).size).toBe(20);
    });

    it('reads why an event was rejected, at most 300 characters and with the token masked', async () => {
      const token = 'tok-5ecret';
      const api = await fakeApi({
        token,
        replies: [200, { status: 422, body: `no ${token} ${'x'.repeat(1000)}` }],
      });
      const onDrop = vi.fn();
      const tracker = connectTo(api, { onDrop });
      tracker.event('x', { contactUid: 'a' });
      tracker.event('x', { contactUid: 'b' });
      await tracker.flush();
      const [, reason, error] = onDrop.mock.calls[0] ?? [];
      expect(reason).toBe('rejected');
      expect(error).toMatchObject({ status: 422, body: `no *** ${'x'.repeat(293)}` });
      expect(error.message).not.toContain('x'.repeat(20));
    });

    it('is silent after a 429 until the reset, in every form of the header', async () => {
      const inASecond = (): Record<string, string>[] => [
        { 'Retry-After': '1' },
        { 'Retry-After': new Date(Date.now() + 2000).toUTCString() },
        { 'X-RateLimit-Reset': '1', 'X-RateLimit-Remaining': '0' },
        { 'X-RateLimit-Reset': String(Math.ceil(Date.now() / 1000) + 1), 'X-RateLimit-Remaining': '0' },
        { 'X-RateLimit-Reset': '0', 'Retry-After': '1' },
      ];
      await Promise.all(
        inASecond().map(async (headers) => {
          const api = await fakeApi({ replies: [{ status: 429, headers }] });
          const tracker = connectTo(api);
          for (let i = 0; i < 5; i++) tracker.event('x', { contactUid: i });
          expect(await tracker.flush()).toEqual({ delivered: 5, pending: 0 });
          const [rejected, next] = api.requests;
          expect((next?.receivedAt ?? 0) - (rejected?.receivedAt ?? 0)).toBeGreaterThanOrEqual(950);
          expect(api.requests).toHaveLength(6);
        }),
      );
    });

    it('spends a small budget window by window without a single 429, since every answer reports what is left', async () => {
      const api = await fakeApi({ rateLimit: { limit: 20, windowMs: 1000, reset: 'seconds' } });
      const tracker = connectTo(api);
      for (let i = 0; i < 50; i++) tracker.event('x', { contactUid: i });
      expect(await tracker.flush()).toEqual({ delivered: 50, pending: 0 });
      expect(api.requests.filter(({ status }) => status === 429)).toEqual([]);
      expect(tracker.stats().rateLimit).toMatchObject({ limit: 20 });
    });

    it('works without batches where the API has none', async () => {
      const api = await fakeApi({ batch: false });
      const tracker = connectTo(api, { batch: true, logger: { debug() {}, warn() {}, error() {} } });
      for (let i = 0; i < 3; i++) tracker.event('x', { contactUid: i });
      expect(await tracker.flush()).toEqual({ delivered: 3, pending: 0 });
    });

    it('drops nothing for a wrong token', async () => {
      const api = await fakeApi();
      const onError = vi.fn();
      const tracker = connect({ apiToken: 'wrong-token', apiUrl: api.url, onError });
      for (let i = 0; i < 3; i++) tracker.event('x', { contactUid: i });
      await vi.waitFor(() => expect(onError).toHaveBeenCalled(), { timeout: 10_000 });
      expect(await tracker.flush({ timeoutMs: 50 })).toEqual({ delivered: 0, pending: 3 });
      expect(onError).toHaveBeenCalledTimes(1);
      expect(onError.mock.calls[0]?.[0].message).toBe('the API answered 401: check apiToken');
      expect(api.requests).toHaveLength(1);
    });
  });
}
