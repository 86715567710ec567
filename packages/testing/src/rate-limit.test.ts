import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFakeApi } from './fake-api.js';
import { basic, send, start, track } from './test-client.js';

const now = Date.parse('2026-11-23T10:00:00.250Z');
const limits = ({ status, headers }: Awaited<ReturnType<typeof track>>): unknown[] => [
  status,
  headers['x-ratelimit-limit'],
  headers['x-ratelimit-remaining'],
  headers['x-ratelimit-reset'],
  headers['retry-after'],
];

describe('the rate limit', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('reports on every response what is left, and rejects what is too much', async () => {
    const api = await start({ rateLimit: { limit: 2, windowMs: 10_000 } });
    const reset = String(Math.ceil((now + 10_000) / 1000));

    expect(limits(await track(api))).toEqual([200, '2', '1', reset, undefined]);
    expect(limits(await track(api))).toEqual([200, '2', '0', reset, undefined]);
    expect(limits(await track(api))).toEqual([429, '2', '0', reset, '10']);

    expect(api.events).toHaveLength(2);
    expect(api.requests[2]?.problem).toBe(
      'Too many requests: expected at most 2 in 10 s, got one more; try again in 10 s',
    );
  });

  it('begins its window with the first request, and ends it for all at once', async () => {
    const api = await start({ rateLimit: { limit: 1, windowMs: 10_000, reset: 'seconds' } });
    vi.setSystemTime(now + 60_000);

    expect(limits(await track(api))).toEqual([200, '1', '0', '10', undefined]);
    vi.setSystemTime(now + 68_500);
    expect(limits(await track(api))).toEqual([429, '1', '0', '2', '2']);
    vi.setSystemTime(now + 69_999);
    expect(limits(await track(api))).toEqual([429, '1', '0', '1', '1']);
    vi.setSystemTime(now + 70_000);
    expect(limits(await track(api))).toEqual([200, '1', '0', '10', undefined]);
    vi.setSystemTime(now + 95_000);
    expect(limits(await track(api))).toEqual([200, '1', '0', '10', undefined]);
  });

  it('is whole again when its window has ended, before the next begins', async () => {
    const api = await start({ rateLimit: { limit: 1, windowMs: 10_000, reset: 'seconds' } });
    await track(api);

    vi.setSystemTime(now + 10_000);

    expect(limits(await send(api, '/nowhere'))).toEqual([404, '1', '1', '10', undefined]);
  });

  it('does not count what it rejects', async () => {
    const api = await start({ rateLimit: { limit: 1, windowMs: 10_000 } });
    await track(api);
    for (let rejected = 0; rejected < 3; rejected += 1) await track(api);

    vi.setSystemTime(now + 10_000);

    expect(await track(api)).toMatchObject({ status: 200 });
  });

  it('counts every request that has the token, a bad body included', async () => {
    const api = await start({ rateLimit: { limit: 5, windowMs: 10_000 } });

    expect(limits(await track(api, {})).slice(0, 3)).toEqual([400, '5', '4']);
    expect(limits(await send(api, '/v1/ping')).slice(0, 3)).toEqual([200, '5', '3']);
    const headers = { 'content-type': 'text/plain' };
    expect(limits(await send(api, '/v1/track/event', { headers })).slice(0, 3)).toEqual([406, '5', '2']);
  });

  it('rejects before it looks at the body', async () => {
    const api = await start({ rateLimit: { limit: 1, windowMs: 10_000 } });
    await track(api);

    expect(await track(api, {})).toMatchObject({ status: 429 });

    expect(api.requests[1]?.problem).toContain('Too many requests');
  });

  it('is reported to requests without the token or on a wrong path, which do not count', async () => {
    const api = await start({ rateLimit: { limit: 5, windowMs: 10_000, reset: 'seconds' } });
    const headers = { authorization: basic('wrong') };

    expect(limits(await send(api, '/v1/ping', { headers }))).toEqual([401, '5', '5', '10', undefined]);
    expect(limits(await send(api, '/nowhere'))).toEqual([404, '5', '5', '10', undefined]);
    expect(limits(await track(api))).toEqual([200, '5', '4', '10', undefined]);
  });

  it('does not count scripted answers, which carry its headers unless they bring their own', async () => {
    const api = await start({
      rateLimit: { limit: 5, windowMs: 10_000, reset: 'seconds' },
      replies: [503, { status: 429, headers: { 'x-ratelimit-remaining': '0', 'Retry-After': '7' } }],
    });

    expect(limits(await track(api))).toEqual([503, '5', '5', '10', undefined]);
    expect(limits(await track(api))).toEqual([429, '5', '0', '10', '7']);
    expect(limits(await track(api))).toEqual([200, '5', '4', '10', undefined]);
  });

  it('is not there unless it is asked for', async () => {
    const api = await start();
    expect(limits(await track(api))).toEqual([200, undefined, undefined, undefined, undefined]);
  });

  it.each([
    [{ limit: 0, windowMs: 1 }, 'rateLimit.limit: expected a whole number from 1, got 0'],
    [{ limit: 1.5, windowMs: 1 }, 'rateLimit.limit: expected a whole number from 1, got 1.5'],
    [{ limit: 1, windowMs: 0 }, 'rateLimit.windowMs: expected milliseconds above 0, got 0'],
    [{ limit: 1, windowMs: Number.NaN }, 'rateLimit.windowMs: expected milliseconds above 0, got NaN'],
    [
      { limit: 1, windowMs: 1, reset: 'unix' as 'epoch' },
      "rateLimit.reset: expected 'epoch' or 'seconds', got \"unix\"",
    ],
    [{ limit: 1, windowMs: 1, every: 1 }, 'rateLimit: expected limit, windowMs, reset, got every'],
  ])('cannot be %j', async (rateLimit, message) => {
    await expect(startFakeApi({ rateLimit })).rejects.toThrow(message);
  });
});
