import { afterEach, describe, expect, it, vi } from 'vitest';
import { startFakeApi } from './fake-api.js';
import type { Replies } from './replies.js';
import { basic, event, pageview, send, start, track } from './test-client.js';

describe('a script', () => {
  it('answers one request each, in order, and then leaves it to the contract', async () => {
    const api = await start({ replies: [503, 200, 429] });
    const statuses: number[] = [];

    for (let sent = 0; sent < 4; sent += 1) statuses.push((await track(api)).status);

    expect(statuses).toEqual([503, 200, 429, 200]);
    expect(api.requests.map(({ status }) => status)).toEqual(statuses);
    expect(api.events).toHaveLength(2);
  });

  it('of one function is asked for every request, for good', async () => {
    let isDown = true;
    const api = await start({ replies: () => (isDown ? 503 : undefined) });

    expect(await track(api)).toMatchObject({ status: 503 });
    expect(await track(api)).toMatchObject({ status: 503 });
    isDown = false;
    expect(await track(api)).toMatchObject({ status: 200 });

    expect(api.events).toEqual([event]);
  });

  it('may decide by the request, whose place is used up even if it does not', async () => {
    const api = await start({
      replies: [({ events }) => (events[0]?.event_uid === 'pageview' ? 500 : undefined), 503],
    });

    expect(await track(api, event)).toMatchObject({ status: 200 });
    expect(await track(api, pageview)).toMatchObject({ status: 503 });
    api.reply([({ events }) => (events[0]?.event_uid === 'pageview' ? 500 : undefined)]);
    expect(await track(api, pageview)).toMatchObject({ status: 500 });
  });

  it('means the contract by a plain 200, and a function by what it gives', async () => {
    const api = await start({ replies: [200, () => () => 503] });

    expect(await track(api, {})).toMatchObject({ status: 400 });
    expect(await track(api)).toMatchObject({ status: 503 });
  });

  it('may be set again at any time', async () => {
    const api = await start({ replies: [500, 500] });

    await track(api);
    api.reply([503]);

    expect(await track(api)).toMatchObject({ status: 503 });
    expect(await track(api)).toMatchObject({ status: 200 });
  });

  it('comes before the token and the contract', async () => {
    const api = await start({ replies: [503, 503, 503] });

    expect(await track(api, {})).toMatchObject({ status: 503 });
    expect(await send(api, '/nowhere')).toMatchObject({ status: 503 });
    const headers = { authorization: basic('wrong') };
    expect(await send(api, '/v1/track/event', { body: event, headers })).toMatchObject({ status: 503 });

    expect(api.requests.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('body.contact_uid'),
      expect.stringContaining('path'),
      expect.stringContaining('Wrong API key'),
    ]);
  });

  it.each<[string, Replies, string]>([
    ['a status below 200', [100], 'replies[0].status: expected a whole number from 200 to 599, got 100'],
    [
      'a status above 599',
      [503, { status: 600 }],
      'replies[1].status: expected a whole number from 200 to 599',
    ],
    ['a negative delay', [{ delayMs: -1 }], 'replies[0].delayMs: expected a whole number from 0 to'],
    ['a delay that no timer takes', [{ delayMs: 2 ** 31 }], 'replies[0].delayMs: expected a whole number'],
    ['a header that HTTP does not allow', [{ headers: { 'a b': '' } }], 'Header name'],
    [
      'a header value that HTTP does not allow',
      [{ headers: { a: '\n' } }],
      'Invalid character in header content',
    ],
    [
      'a body that is not a string',
      [{ body: {} as string }],
      'replies[0].body: expected a string, got an object',
    ],
    [
      'an unknown word',
      ['crash' as 'hang'],
      "replies[0]: expected a status, 'hang', 'reset' or an object, got \"crash\"",
    ],
    [
      'an unknown name',
      [{ stauts: 503 } as object],
      'replies[0]: expected status, headers, body, delayMs, hang, reset, got stauts',
    ],
    [
      'a word where yes or no is asked',
      [{ hang: 'yes' as unknown as true }],
      'replies[0].hang: expected true or false, got "yes"',
    ],
    ['a single reply', 503 as unknown as Replies, 'replies: expected an array or a function, got 503'],
  ])('with %s is rejected', async (_, replies, message) => {
    const api = await start();
    await expect(startFakeApi({ replies })).rejects.toThrow(message);
    expect(() => api.reply(replies)).toThrow(message);
  });

  it('whose function is at fault answers 500 and says so', async () => {
    const api = await start({
      replies: [
        () => {
          throw new Error('oh no');
        },
        () => 42,
      ],
    });

    expect(await track(api)).toMatchObject({ status: 500, text: expect.stringContaining('oh no') });
    expect(await track(api)).toMatchObject({ status: 500 });

    expect(api.requests[1]?.problem).toContain('expected a whole number from 200 to 599, got 42');
    expect(await track(api)).toMatchObject({ status: 200 });
  });
});

describe('a scripted status', () => {
  it.each([
    [201, '{"status":"success"}'],
    [302, '{"status":"error","message":"Found"}'],
    [400, '{"status":"error","message":"Incorrect or missing API key"}'],
    [503, '{"status":"error","message":"Offline for maintenance"}'],
    [599, '{"status":"error","message":"Unknown status"}'],
  ])('of %d has a plausible body', async (status, text) => {
    const api = await start({ replies: [status] });

    const answer = await track(api);

    expect(answer).toMatchObject({ status, text });
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it.each([204, 304])('of %d has no body, as HTTP has it', async (status) => {
    const api = await start({ replies: [status] });
    expect(await track(api)).toMatchObject({ status, text: '' });
    expect(await track(api)).toMatchObject({ status: 200 });
  });

  it('of 2xx accepts the events of a request that is right', async () => {
    const api = await start({ replies: [201, 202, { status: 200 }] });

    expect(await track(api, event)).toMatchObject({ status: 201 });
    expect(await track(api, {})).toMatchObject({ status: 202 });
    expect(await track(api, pageview)).toMatchObject({ status: 200 });

    expect(api.events).toEqual([event, pageview]);
    expect(api.pageviews).toEqual([pageview]);
  });

  it('of 2xx accepts nothing on a path that is not there', async () => {
    const api = await start({ batch: false, replies: [201] });
    await send(api, '/v1/batch', { body: [{ method: 'event', ...event }] });
    expect(api.events).toEqual([]);
  });

  it('of 2xx does not ask for the token', async () => {
    const api = await start({ replies: [201] });
    await send(api, '/v1/track/event', { body: event, headers: { authorization: basic('wrong') } });
    expect(api.events).toEqual([event]);
  });

  it.each([302, 400, 429, 500])('of %d accepts nothing', async (status) => {
    const api = await start({ replies: [status] });
    await track(api);
    expect(api.events).toEqual([]);
  });
});

describe('a scripted answer', () => {
  it('may bring its own headers and body', async () => {
    const replies = [
      { status: 429, headers: { 'Retry-After': '5', 'content-type': 'text/html' }, body: '<p>' },
    ];
    const api = await start({ replies });

    const answer = await track(api);

    expect(answer).toMatchObject({ status: 429, text: '<p>' });
    expect(answer.headers).toMatchObject({ 'retry-after': '5', 'content-type': 'text/html' });
  });

  it('without a status is the contract’s, with what it brings', async () => {
    const reply = { headers: { 'x-own': '1' }, body: 'own' };
    const api = await start({ replies: [reply, reply] });

    const right = await track(api);
    const wrong = await track(api, {});

    expect(right).toMatchObject({ status: 200, text: 'own', headers: { 'x-own': '1' } });
    expect(wrong).toMatchObject({ status: 400, text: 'own', headers: { 'x-own': '1' } });
    expect(api.events).toHaveLength(1);
  });
});

describe('a delayed answer', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('comes by the contract when its time has come', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const api = await start({ replies: [{ delayMs: 30_000 }] });

    const answer = track(api);
    await api.waitForRequests(1);
    vi.advanceTimersByTime(29_999);
    expect(api.requests[0]?.status).toBeUndefined();
    expect(api.events).toEqual([]);
    vi.advanceTimersByTime(1);

    expect(api.events).toEqual([event]);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('comes with its own status when its time has come', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const api = await start({ replies: [{ status: 503, delayMs: 30_000 }] });

    const answer = track(api);
    await api.waitForRequests(1);
    vi.advanceTimersByTime(30_000);

    expect(await answer).toMatchObject({ status: 503 });
  });

  it('does not come, nor accept anything, when the client has gone', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const api = await start({ replies: [{ delayMs: 30_000 }] });
    const { signal, abort } = abortable();

    const answer = send(api, '/v1/track/event', { body: event, signal });
    await api.waitForRequests(1);
    abort();
    await expect(answer).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0));
    vi.advanceTimersByTime(30_000);

    expect(api.events).toEqual([]);
    expect(api.requests[0]?.status).toBeUndefined();
  });
});

describe('a fault of the connection', () => {
  it('resets it, and accepts nothing', async () => {
    const api = await start({ replies: ['reset', { reset: true }] });

    await expect(track(api)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(track(api)).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect(api.requests).toMatchObject([{ status: undefined }, { status: undefined }]);
    expect(api.events).toEqual([]);
    expect(await track(api)).toMatchObject({ status: 200 });
  });

  it.each(['hang', { hang: true }] as const)('%j never answers, and accepts nothing', async (reply) => {
    const api = await start({ replies: [reply] });
    let isAnswered = false;
    const { signal, abort } = abortable();

    const hanging = send(api, '/v1/track/event', { body: event, signal }).finally(() => {
      isAnswered = true;
    });
    hanging.catch(() => {});
    await api.waitForRequests(1);
    expect(await track(api, pageview)).toMatchObject({ status: 200 });

    expect(isAnswered).toBe(false);
    expect(api.requests[0]?.status).toBeUndefined();
    expect(api.events).toEqual([pageview]);
    abort();
    await expect(hanging).rejects.toThrow('aborted');
  });

  it.each(['reset', 'hang'] as const)('with a 2xx, a %s loses the answer only', async (fault) => {
    const api = await start({ replies: [{ status: 200, [fault]: true }] });
    const { signal, abort } = abortable();

    const lost = send(api, '/v1/track/event', { body: event, signal });
    lost.catch(() => {});
    await api.waitForEvents(1);
    await track(api, pageview);
    abort();

    await expect(lost).rejects.toMatchObject({ code: fault === 'reset' ? 'ECONNRESET' : 'ABORT_ERR' });
    expect(api.events).toEqual([event, pageview]);
    expect(api.requests[0]?.status).toBeUndefined();
  });

  it('does not count against the rate limit', async () => {
    const api = await start({ replies: ['reset'], rateLimit: { limit: 1, windowMs: 300_000 } });
    await expect(track(api)).rejects.toThrow();
    expect(await track(api)).toMatchObject({ status: 200 });
  });
});

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
