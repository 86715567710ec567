import { Agent, request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startFakeApi } from './index.js';
import { basic, event, pageview, send, start, track } from './test-client.js';

describe('a fake API', () => {
  it('listens on loopback alone, on a free port', async () => {
    const [one, other] = [await start(), await start()];
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(other.url).not.toBe(one.url);
  });

  it('is not there for other machines', async () => {
    const api = await start();
    const addresses = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);

    for (const { address, family, internal } of addresses) {
      if (internal || family !== 'IPv4') continue;
      const elsewhere = { ...api, url: api.url.replace('127.0.0.1', address) };
      await expect(track(elsewhere)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
  });

  it('answers to fetch', async () => {
    const api = await start();
    const headers = { authorization: basic(api.token), 'content-type': 'application/json' };

    const answer = await fetch(`${api.url}/v1/track/event`, {
      method: 'POST',
      headers,
      body: JSON.stringify(event),
    });

    expect(await answer.json()).toEqual({ status: 'success' });
    expect(api.events).toEqual([event]);
  });

  it('takes the port that it is given, and says when that is taken', async () => {
    const first = await startFakeApi();
    const port = Number(new URL(first.url).port);

    await expect(startFakeApi({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();

    const second = await start({ port });
    expect(second.url).toBe(first.url);
  });

  it.each(['', 'a:b', 5 as unknown as string])('cannot have the token %j', async (token) => {
    await expect(startFakeApi({ token })).rejects.toThrow(
      'token: expected a non-empty string without a colon',
    );
  });

  it.each([
    [{ repliez: [] } as object, 'startFakeApi: expected token, port, rateLimit, replies, batch, got repliez'],
    [{ port: 'x' as unknown as number }, 'port: expected a whole number from 0 to 65535, got "x"'],
    [{ port: 65_536 }, 'port: expected a whole number from 0 to 65535, got 65536'],
    [{ batch: 'no' as unknown as boolean }, 'batch: expected true or false, got "no"'],
  ])('rejects %j', async (options, message) => {
    await expect(startFakeApi(options)).rejects.toThrow(message);
  });

  it('keeps events in the order in which they were accepted', async () => {
    const api = await start({ replies: [503] });

    await track(api, pageview);
    await track(api, event);
    await track(api, pageview);

    expect(api.events).toEqual([event, pageview]);
    expect(api.requests.map(({ status }) => status)).toEqual([503, 200, 200]);
  });

  it('forgets what it received at clear(), in the same arrays', async () => {
    const api = await start();
    const { requests, events, pageviews } = api;
    await track(api, pageview);
    expect([requests.length, events.length, pageviews.length]).toEqual([1, 1, 1]);

    api.clear();
    expect([requests.length, events.length, pageviews.length]).toEqual([0, 0, 0]);

    await track(api, event);
    expect([requests.length, events.length, pageviews.length]).toEqual([1, 1, 0]);
  });

  it('keeps updates of contacts and accounts separate from events, batches taken apart', async () => {
    const api = await start({ replies: [503] });
    const contact = { contact_uid: '1', params: { name: 'Ada' } };
    const account = { account_uid: '2', params: { name: 'Acme' } };
    const [inBatch, contactInBatch] = [
      { method: 'event', ...event },
      { method: 'contact', ...contact },
    ];

    await send(api, '/v1/contact', { body: contact });
    await send(api, '/v1/contact', { body: contact });
    await send(api, '/v1/account', { body: account });
    await send(api, '/v1/account', { body: {} });
    await send(api, '/v1/batch', { body: [contactInBatch, inBatch] });

    expect(api.contacts).toEqual([contact, contactInBatch]);
    expect(api.accounts).toEqual([account]);
    expect(api.events).toEqual([inBatch]);
    api.clear();
    expect([api.contacts, api.accounts]).toEqual([[], []]);
  });

  it('keeps nothing of a request that was never complete', async () => {
    const api = await start();
    const half = request(`${api.url}/v1/track/event`, { method: 'POST', headers: { 'content-length': 100 } });
    const isGone = new Promise((resolve) => half.once('error', resolve));
    half.write('{', () => half.destroy());
    await isGone;

    await track(api);

    expect(api.requests).toHaveLength(1);
  });

  it('counts its sockets', async () => {
    const api = await start({ replies: ['hang', 'hang'] });
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const post = (): ReturnType<typeof request> =>
      request(`${api.url}/v1/ping`, { method: 'POST', agent })
        .on('error', () => {})
        .end();
    expect(api.sockets).toEqual({ open: 0, most: 0, total: 0 });

    const first = post();
    const second = post();
    await api.waitForRequests(2);
    expect(api.sockets).toEqual({ open: 2, most: 2, total: 2 });

    first.destroy();
    second.destroy();
    await vi.waitFor(() => expect(api.sockets).toEqual({ open: 0, most: 2, total: 2 }));

    post();
    await api.waitForRequests(3);
    expect(api.sockets).toEqual({ open: 1, most: 2, total: 3 });
  });

  it('never closes a socket for being idle', async () => {
    const api = await start();
    const answer = await track(api);
    expect(answer.headers.connection).toBe('keep-alive');
    expect(answer.headers['keep-alive']).toBeUndefined();
  });
});

describe('faked timers', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hold up nothing: not the answers, not the waiting, not the closing', async () => {
    vi.useFakeTimers();
    const api = await startFakeApi();

    const wait = api.waitForEvents(1);
    expect(await track(api)).toMatchObject({ status: 200 });
    await wait;
    await api.close();

    expect(api.sockets.open).toBe(0);
  });
});

describe('waiting', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ends as soon as there are enough events', async () => {
    const api = await start();
    let isOver = false;
    const wait = api.waitForEvents(2).then(() => {
      isOver = true;
    });

    await track(api, {});
    await track(api, event);
    expect(isOver).toBe(false);
    await send(api, '/v1/batch', {
      body: [
        { method: 'event', ...event },
        { method: 'event', ...event },
      ],
    });

    await wait;
    expect(api.events).toHaveLength(3);
  });

  it('ends as soon as there are enough requests, of any kind', async () => {
    const api = await start({ replies: [503, 'reset'] });
    const wait = api.waitForRequests(3);

    await track(api);
    await expect(track(api)).rejects.toThrow();
    await track(api, {});

    await wait;
  });

  it('ends at once for what has come already', async () => {
    const api = await start();
    await track(api);
    await api.waitForEvents(1, { timeoutMs: 0 });
    await api.waitForRequests(0, { timeoutMs: 0 });
  });

  it('gives up when its time is over, and says what came and what was wrong', async () => {
    const api = await start();
    await track(api);
    await track(api, {});
    await track(api, { contact_uid: '1', event_uid: 'Bad' });

    await expect(api.waitForEvents(2, { timeoutMs: 1 })).rejects.toThrow(
      'expected 2 events, got 1 within 1 ms; the last problem was 400: ' +
        'body.event_uid: expected a name in snake_case, got "Bad"',
    );
    await expect(api.waitForRequests(4, { timeoutMs: 1 })).rejects.toThrow(
      'expected 4 requests, got 3 within 1 ms',
    );
  });

  it('gives up after five seconds by default', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const api = await start();
    const wait = api.waitForEvents(1);
    const isRejected = expect(wait).rejects.toThrow('expected 1 event, got 0 within 5000 ms');

    vi.advanceTimersByTime(4_999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);

    await isRejected;
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const api = await start();
    const wait = api.waitForEvents(1);

    await track(api);
    await wait;

    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('closing', () => {
  it('destroys the sockets, one that hangs included', async () => {
    const api = await start({ replies: ['hang'] });
    const hanging = track(api);
    const isReset = expect(hanging).rejects.toMatchObject({ code: 'ECONNRESET' });
    await api.waitForRequests(1);

    await api.close();

    await isReset;
    expect(api.sockets.open).toBe(0);
    await expect(track(api)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('twice is once', async () => {
    const api = await start();
    const closing = api.close();
    expect(api.close()).toBe(closing);
    await closing;
    await api.close();
  });

  it('keeps what was received', async () => {
    const api = await start();
    await track(api);
    await api.close();
    expect(api.events).toEqual([event]);
  });

  it('ends every wait, and any that begins later', async () => {
    const api = await start();
    const isRejected = expect(api.waitForEvents(1)).rejects.toThrow(
      'expected 1 event, got 0 before the fake API was closed',
    );

    await api.close();

    await isRejected;
    await expect(api.waitForRequests(1)).rejects.toThrow('before the fake API was closed');
  });

  it('is what disposing does', async () => {
    const api = await start();
    await api[Symbol.asyncDispose]();
    await expect(track(api)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
