import { type RateLimit, type SendResult, TrackingError } from '@successeve/core';
import type { Redis } from 'ioredis';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { describeBudget } from '../../../core/test/budget-cases.ts';
import { setStage } from '../../test/stage.ts';
import { resolveRelayOptions } from '../relay/relay-options.js';
import { budgetKey, SharedBudget } from './shared-budget.js';

const stage = setStage();
const event = { isPageview: false, hasMoreEvents: false };
const pageview = { isPageview: true, hasMoreEvents: false };
const error = new TrackingError('unavailable', 'away');
const away: SendResult = { status: 'unavailable', error };
let redis: Redis;
let key: string;

beforeEach(() => {
  redis = stage.client();
  key = budgetKey('bull', new URL('https://api.example'), stage.queueName);
});

function budgetOf(
  relayId: string,
  options: Partial<ConstructorParameters<typeof SharedBudget>[0]> = {},
): SharedBudget {
  return new SharedBudget({
    redis,
    key,
    relayId,
    minDelayMs: 500,
    maxDelayMs: 60_000,
    probeMs: 10_000,
    ...options,
  });
}

const answer = (
  rateLimit: Partial<RateLimit> = {},
  status: 'delivered' | 'rate_limited' = 'delivered',
): SendResult => ({
  status,
  rateLimit: { limit: undefined, remaining: undefined, resetsAt: undefined, ...rateLimit },
});
const inMs = (ms: number): number => Date.now() + ms;

/** Takes until nothing is permitted. */
async function takeAll(budget: SharedBudget): Promise<{ granted: number; retryAfterMs: number }> {
  for (let granted = 0; ; granted++) {
    const permit = await budget.take(event);
    if (!permit.isGranted) return { granted, retryAfterMs: permit.retryAfterMs };
    if (granted > 1000) return { granted, retryAfterMs: 0 };
  }
}

describe('the budget of all relays', () => {
  it('permits one request of all relays until the first response', async () => {
    const [a, b] = [budgetOf('a'), budgetOf('b')];
    expect(await a.take(event)).toEqual({ isGranted: true, isProbe: true });
    expect(await b.take(event)).toEqual({ isGranted: false, retryAfterMs: 100 });
    await a.learn(answer(), true);
    expect(await b.take(event)).toEqual({ isGranted: true, isProbe: false });
  });

  it('permits what remains, and no more, to any relay', async () => {
    const [a, b] = [budgetOf('a'), budgetOf('b')];
    await a.take(event);
    await a.learn(answer({ limit: 100, remaining: 40, resetsAt: inMs(60_000) }), true);
    const granted = await Promise.all([takeAll(a), takeAll(b)]);
    expect((granted[0]?.granted ?? 0) + (granted[1]?.granted ?? 0)).toBe(40);
    expect(granted[0]?.retryAfterMs).toBeGreaterThan(59_000);
    expect(await b.state()).toMatchObject({ limit: 100, remaining: 0 });
  });

  it('counts permitted requests without a response, also after later responses', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(answer({ limit: 10, remaining: 9, resetsAt: inMs(60_000) }), true);
    for (let n = 0; n < 5; n++) await budget.take(event);
    // The first of the five is answered; the API has not seen the others.
    await budget.learn(answer({ limit: 10, remaining: 8, resetsAt: inMs(60_000) }), false);
    expect((await takeAll(budget)).granted).toBe(4);
  });

  it('permits fewer where others use the token too', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(answer({ limit: 100, remaining: 99, resetsAt: inMs(60_000) }), true);
    await budget.take(event);
    await budget.learn(answer({ limit: 100, remaining: 3, resetsAt: inMs(60_000) }), false);
    expect((await takeAll(budget)).granted).toBe(3);
  });

  it('assumes the same limit after the reset', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(answer({ limit: 20, remaining: 0, resetsAt: inMs(800) }, 'rate_limited'), true);
    expect((await budget.take(event)).isGranted).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 850));
    // The last of a window without a known end goes alone: only the API knows whether it is the last.
    expect(await takeAll(budget)).toEqual({ granted: 20, retryAfterMs: 100 });
    await budget.learn(answer({ remaining: 7, resetsAt: inMs(60_000) }), true);
    expect((await takeAll(budget)).granted).toBe(7);
  });

  it('ignores a response that comes after its window has ended', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(answer({ limit: 20, remaining: 5, resetsAt: inMs(30) }), true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await budget.learn(answer({ limit: 20, remaining: 1, resetsAt: inMs(0) }), false);
    expect((await takeAll(budget)).granted).toBe(20);
  });

  it('does not wait for a moment that the clock of Redis was set back from', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(answer({ limit: 20, remaining: 0, resetsAt: inMs(300_000) }, 'rate_limited'), true);
    expect((await budget.take(event)).isGranted).toBe(false);
    const inAnHour = inMs(3_900_000);
    await redis.hset(key, { resetsAt: inAnHour, probedUntil: inAnHour });
    expect(await budget.take(event)).toEqual({ isGranted: true, isProbe: true });
  });

  it('sets no bounds if the API reports none', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(answer(), true);
    expect((await takeAll(budget)).granted).toBeGreaterThan(1000);
  });

  it('waits for a probe no longer than it may take: its relay may be dead', async () => {
    const [a, b] = [budgetOf('a', { probeMs: 800 }), budgetOf('b')];
    await a.take(event);
    expect((await b.take(event)).isGranted).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 850));
    expect((await b.take(event)).isGranted).toBe(true);
  });
});

describe('explicit events', () => {
  const ready = async (budget: SharedBudget): Promise<void> => {
    await budget.take(event);
    await budget.learn(answer({ limit: 100, remaining: 50, resetsAt: inMs(60_000) }), true);
  };

  it('go before the pageviews of other relays, while the budget is known', async () => {
    const [a, b] = [budgetOf('a'), budgetOf('b')];
    await ready(a);
    await a.take({ isPageview: false, hasMoreEvents: true });
    expect(await b.take(pageview)).toEqual({ isGranted: false, retryAfterMs: 100 });
    expect((await b.take(event)).isGranted).toBe(true);
    await a.take({ isPageview: false, hasMoreEvents: false });
    expect((await b.take(pageview)).isGranted).toBe(true);
  });

  it('delay nothing while no budget is known', async () => {
    const [a, b] = [budgetOf('a'), budgetOf('b')];
    await a.take(event);
    await a.learn(answer(), true);
    await a.take({ isPageview: false, hasMoreEvents: true });
    expect((await b.take(pageview)).isGranted).toBe(true);
  });
});

describe('while the API is down', () => {
  it('one relay probes, with growing delays, and the others wait for it', async () => {
    const [a, b] = [budgetOf('a', { minDelayMs: 200 }), budgetOf('b', { minDelayMs: 200 })];
    await a.take(event);
    await a.learn(answer(), true);
    for (let n = 0; n < 3; n++) await a.learn(away, false);
    const waits: number[] = [];
    for (let n = 0; n < 3; n++) {
      let permit = await b.take(event);
      while (!permit.isGranted) {
        waits.push(permit.retryAfterMs);
        await new Promise((resolve) => setTimeout(resolve, permit.isGranted ? 0 : permit.retryAfterMs));
        permit = await b.take(event);
      }
      expect(permit.isProbe).toBe(true);
      expect(await a.take(event)).toEqual({ isGranted: false, retryAfterMs: 100 });
      await b.learn(away, true);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(800);
    await b.learn(answer(), false);
    expect(await a.take(event)).toEqual({ isGranted: true, isProbe: false });
  });

  it('one failure is not yet an outage: an event may be at fault', async () => {
    const [a, b] = [budgetOf('a'), budgetOf('b')];
    await a.take(event);
    await a.learn(answer(), true);
    for (let n = 0; n < 20; n++) {
      await a.learn(away, false);
      await a.learn(away, false);
      expect((await b.take(event)).isGranted).toBe(true);
      await b.learn(answer(), false);
    }
  });

  it('a faulty set-up is left alone for a minute by all', async () => {
    const [a, b] = [budgetOf('a'), budgetOf('b')];
    await a.take(event);
    await a.learn({ status: 'misconfigured', error }, true);
    const permit = await b.take(event);
    expect(permit).toMatchObject({ isGranted: false });
    expect('retryAfterMs' in permit && permit.retryAfterMs).toBeGreaterThan(55_000);
  });
});

it('has a key for each token, from which the token cannot be found', () => {
  const api = new URL('https://api.example');
  const keys = [
    budgetKey('bull', api, 'token-a'),
    budgetKey('bull', api, 'token-b'),
    budgetKey('bull', new URL('https://other.example'), 'token-a'),
  ];
  expect(new Set(keys).size).toBe(3);
  for (const key of keys) expect(key).toMatch(/^bull:successeve-budget:[0-9a-f]{16}$/);
});

it.each([
  [
    [
      undefined,
      'https://api.successeve.com',
      'https://api.successeve.com/',
      'https://API.successeve.com:443',
    ],
  ],
  [['https://other.example/proxy', 'https://other.example/proxy/', new URL('https://other.example/proxy/')]],
])('has one key for each API, in any spelling of its URL: %j', (spellings) => {
  vi.stubEnv('SUCCESSEVE_API_URL', '');
  const keys = spellings.map((apiUrl) => {
    const options = { connection: stage.redis.url, apiToken: 'token', apiUrl };
    return resolveRelayOptions(options).budgetKey;
  });
  vi.unstubAllEnvs();
  expect(new Set(keys).size).toBe(1);
});

/** Fields of the budget that are not times. */
const counts = ['limit', 'remaining', 'failures', 'isAnswering'];

describeBudget('the script in Redis', () => {
  const budget = budgetOf('a');
  const underWay: boolean[] = [];
  return {
    async take() {
      const permit = await budget.take(event);
      if (permit.isGranted) underWay.push(permit.isProbe);
      return permit.isGranted;
    },
    async answer({ status, resetsInMs, limit, remaining }) {
      const resetsAt = resetsInMs === undefined ? undefined : inMs(resetsInMs);
      const rateLimit = { limit, remaining, resetsAt };
      const isFailure = status === 'unavailable' || status === 'misconfigured';
      const result: SendResult = isFailure ? { status, error, rateLimit } : { status, rateLimit };
      await budget.learn(result, underWay.shift() ?? false);
    },
    async pass(ms) {
      const fields = await redis.hkeys(key);
      for (const field of fields) if (!counts.includes(field)) await redis.hincrby(key, field, -ms);
    },
  };
});
