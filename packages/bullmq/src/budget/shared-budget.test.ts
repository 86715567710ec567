import { type RateLimit, type SendResult, TrackingError } from '@successeve/core';
import type { Redis } from 'ioredis';
import { beforeEach, describe, expect, it } from 'vitest';
import { setStage } from '../../test/stage.ts';
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
  key = budgetKey('bull', undefined, stage.queueName);
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

const told = (
  rateLimit: Partial<RateLimit> = {},
  status: 'delivered' | 'rate_limited' = 'delivered',
): SendResult => ({
  status,
  rateLimit: { limit: undefined, remaining: undefined, resetsAt: undefined, ...rateLimit },
});
const inMs = (ms: number): number => Date.now() + ms;

/** Asks until there is no more. */
async function takeAll(budget: SharedBudget): Promise<{ granted: number; retryAfterMs: number }> {
  for (let granted = 0; ; granted++) {
    const permit = await budget.take(event);
    if (!permit.isGranted) return { granted, retryAfterMs: permit.retryAfterMs };
    if (granted > 1000) return { granted, retryAfterMs: 0 };
  }
}

describe('the budget of all relays', () => {
  it('lets one request of all relays go until the first answer', async () => {
    const [a, b] = [budgetOf('a'), budgetOf('b')];
    expect(await a.take(event)).toEqual({ isGranted: true, isProbe: true });
    expect(await b.take(event)).toEqual({ isGranted: false, retryAfterMs: 100 });
    await a.learn(told(), true);
    expect(await b.take(event)).toEqual({ isGranted: true, isProbe: false });
  });

  it('gives leave for what remains, and no more, whoever asks', async () => {
    const [a, b] = [budgetOf('a'), budgetOf('b')];
    await a.take(event);
    await a.learn(told({ limit: 100, remaining: 40, resetsAt: inMs(60_000) }), true);
    const granted = await Promise.all([takeAll(a), takeAll(b)]);
    expect((granted[0]?.granted ?? 0) + (granted[1]?.granted ?? 0)).toBe(40);
    expect(granted[0]?.retryAfterMs).toBeGreaterThan(59_000);
    expect(await b.state()).toMatchObject({ limit: 100, remaining: 0 });
  });

  it('counts what has leave but no answer yet, whatever later answers say', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(told({ limit: 10, remaining: 9, resetsAt: inMs(60_000) }), true);
    for (let n = 0; n < 5; n++) await budget.take(event);
    // The first of the five is answered; the API has not seen the others.
    await budget.learn(told({ limit: 10, remaining: 8, resetsAt: inMs(60_000) }), false);
    expect((await takeAll(budget)).granted).toBe(4);
  });

  it('takes less for granted where others use the token too', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(told({ limit: 100, remaining: 99, resetsAt: inMs(60_000) }), true);
    await budget.take(event);
    await budget.learn(told({ limit: 100, remaining: 3, resetsAt: inMs(60_000) }), false);
    expect((await takeAll(budget)).granted).toBe(3);
  });

  it('believes after the reset what was told of the limit', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(told({ limit: 20, remaining: 0, resetsAt: inMs(800) }, 'rate_limited'), true);
    expect((await budget.take(event)).isGranted).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 850));
    // The last of a window whose end nobody told goes alone: only the API knows whether it is the last.
    expect(await takeAll(budget)).toEqual({ granted: 20, retryAfterMs: 100 });
    await budget.learn(told({ remaining: 7, resetsAt: inMs(60_000) }), true);
    expect((await takeAll(budget)).granted).toBe(7);
  });

  it('ignores an answer that comes after its window has ended', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(told({ limit: 20, remaining: 5, resetsAt: inMs(30) }), true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await budget.learn(told({ limit: 20, remaining: 1, resetsAt: inMs(0) }), false);
    expect((await takeAll(budget)).granted).toBe(20);
  });

  it('does not wait for a moment that the clock of Redis was set back from', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(told({ limit: 20, remaining: 0, resetsAt: inMs(300_000) }, 'rate_limited'), true);
    expect((await budget.take(event)).isGranted).toBe(false);
    const inAnHour = inMs(3_900_000);
    await redis.hset(key, { resetsAt: inAnHour, probedUntil: inAnHour });
    expect(await budget.take(event)).toEqual({ isGranted: true, isProbe: true });
  });

  it('sets no bounds where the API tells none', async () => {
    const budget = budgetOf('a');
    await budget.take(event);
    await budget.learn(told(), true);
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
    await budget.learn(told({ limit: 100, remaining: 50, resetsAt: inMs(60_000) }), true);
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

  it('hold up nobody where nothing is known to be scarce', async () => {
    const [a, b] = [budgetOf('a'), budgetOf('b')];
    await a.take(event);
    await a.learn(told(), true);
    await a.take({ isPageview: false, hasMoreEvents: true });
    expect((await b.take(pageview)).isGranted).toBe(true);
  });
});

describe('while the API is away', () => {
  it('one relay probes, with growing delays, and the others wait for it', async () => {
    const [a, b] = [budgetOf('a', { minDelayMs: 200 }), budgetOf('b', { minDelayMs: 200 })];
    await a.take(event);
    await a.learn(told(), true);
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
    await b.learn(told(), false);
    expect(await a.take(event)).toEqual({ isGranted: true, isProbe: false });
  });

  it('one failure is not yet an outage: an event may be at fault', async () => {
    const [a, b] = [budgetOf('a'), budgetOf('b')];
    await a.take(event);
    await a.learn(told(), true);
    for (let n = 0; n < 20; n++) {
      await a.learn(away, false);
      await a.learn(away, false);
      expect((await b.take(event)).isGranted).toBe(true);
      await b.learn(told(), false);
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

it('has a key for each token, which does not tell it', () => {
  const keys = [
    budgetKey('bull', undefined, 'token-a'),
    budgetKey('bull', undefined, 'token-b'),
    budgetKey('bull', 'https://other.example', 'token-a'),
  ];
  expect(new Set(keys).size).toBe(3);
  for (const key of keys) expect(key).toMatch(/^bull:successeve-budget:[0-9a-f]{16}$/);
});

it.each([
  // An empty one is what a variable that is set to nothing tells.
  [
    [
      undefined,
      '',
      'https://api.successeve.com',
      'https://api.successeve.com/',
      'https://API.successeve.com:443',
    ],
  ],
  [['https://other.example/proxy', 'https://other.example/proxy/', new URL('https://other.example/proxy/')]],
])('has one key for each API, however its URL is spelled: %j', (spellings) => {
  const keys = spellings.map((apiUrl) => budgetKey('bull', apiUrl, 'token'));
  expect(new Set(keys).size).toBe(1);
});
