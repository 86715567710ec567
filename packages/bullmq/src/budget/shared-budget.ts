import { createHash } from 'node:crypto';
import type { RateLimit, SendResult } from '@successeve/core';
import type { Redis } from 'ioredis';
import { learnScript, stateScript, takeScript } from './scripts.js';

/** Permission to send one request, or how long to wait for it. */
export type Permit =
  | { readonly isGranted: true; readonly isProbe: boolean }
  | { readonly isGranted: false; readonly retryAfterMs: number };

/** The content of a request, and whether more waits in its relay. */
export interface Demand {
  /** Whether the request has only pageviews: then the explicit events of all relays go first. */
  readonly isPageview: boolean;
  /** Whether explicit events wait in this relay that are not in the request. */
  readonly hasMoreEvents: boolean;
}

export interface SharedBudgetOptions {
  readonly redis: Redis;
  readonly key: string;
  /** Unique for each relay. */
  readonly relayId: string;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** How long a probe may take; after that, its relay counts as dead. */
  readonly probeMs: number;
}

/**
 * The budget of one token, shared by all relays. It is in Redis, where each request needs a permit, so that no two
 * relays spend the same remainder, even if one is killed.
 *
 * BullMQ's own limiter counts jobs, at a rate that is known in advance. Here requests count: one may carry many jobs,
 * one job may need a hundred, and only the API knows how many remain.
 */
export class SharedBudget {
  readonly #options: SharedBudgetOptions;

  constructor(options: SharedBudgetOptions) {
    this.#options = options;
  }

  /** Asks for a permit for one request. Rejects while Redis is down. */
  async take({ isPageview, hasMoreEvents }: Demand): Promise<Permit> {
    const { redis, key, relayId, probeMs } = this.#options;
    const reply = await redis.eval(takeScript, 1, key, relayId, +isPageview, +hasMoreEvents, probeMs);
    const [isGranted, detail] = reply as [number, number];
    return isGranted === 1
      ? { isGranted: true, isProbe: detail === 1 }
      : { isGranted: false, retryAfterMs: detail };
  }

  /** Reports the result of a request to all relays. */
  async learn(result: SendResult, isProbe: boolean): Promise<void> {
    const { redis, key, minDelayMs, maxDelayMs } = this.#options;
    const { limit, remaining, resetsAt } = result.rateLimit ?? {};
    const resetsInMs = resetsAt === undefined ? '' : Math.max(0, resetsAt - Date.now());
    const learned = [result.status, +isProbe, limit ?? '', remaining ?? '', resetsInMs];
    await redis.eval(learnScript, 1, key, ...learned, minDelayMs, maxDelayMs, Math.random());
  }

  /** The budget that all relays share. */
  async state(): Promise<RateLimit> {
    const { redis, key } = this.#options;
    const reply = await redis.eval(stateScript, 1, key);
    const [limit, remaining, resetsInMs] = (reply as number[]).map((value) =>
      value < 0 ? undefined : value,
    );
    return { limit, remaining, resetsAt: resetsInMs === undefined ? undefined : Date.now() + resetsInMs };
  }
}

/** The key of a token's budget. It contains a part of a hash, from which the token cannot be found. */
export function budgetKey(prefix: string, { href }: URL, apiToken: string): string {
  const hash = createHash('sha256')
    .update(`${apiToken} ${href.replace(/\/+$/, '')}`)
    .digest('hex');
  return `${prefix}:successeve-budget:${hash.slice(0, 16)}`;
}
