import { createHash } from 'node:crypto';
import type { RateLimit, SendResult } from '@successeve/core';
import type { Redis } from 'ioredis';
import { learnScript, stateScript, takeScript } from './scripts.js';

/** Leave to send one request, or how long to wait for it. */
export type Permit =
  | { readonly isGranted: true; readonly isProbe: boolean }
  | { readonly isGranted: false; readonly retryAfterMs: number };

/** What a request carries, and what its relay has beside it. */
export interface Demand {
  /** Whether the request is for pageviews alone: then it lets the explicit events of all relays go first. */
  readonly isPageview: boolean;
  /** Whether explicit events wait in this relay that are not in the request. */
  readonly hasMoreEvents: boolean;
}

export interface SharedBudgetOptions {
  readonly redis: Redis;
  readonly key: string;
  /** Tells this relay from the others. */
  readonly relayId: string;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** How long a probe may be under way; after that, it belongs to a relay that died. */
  readonly probeMs: number;
}

/**
 * The budget of one token, shared by all relays. It is kept in Redis, where every request asks for leave, so that no
 * two relays spend the same remainder, whatever becomes of them.
 *
 * BullMQ's own limiter counts the jobs that are taken, at a rate that is known beforehand. What counts here are
 * requests: many jobs may go in one, one job may take a hundred, and what remains is told by the API.
 */
export class SharedBudget {
  readonly #options: SharedBudgetOptions;

  constructor(options: SharedBudgetOptions) {
    this.#options = options;
  }

  /** Asks for leave to send one request. Rejects while Redis is away. */
  async take({ isPageview, hasMoreEvents }: Demand): Promise<Permit> {
    const { redis, key, relayId, probeMs } = this.#options;
    const reply = await redis.eval(takeScript, 1, key, relayId, +isPageview, +hasMoreEvents, probeMs);
    const [isGranted, detail] = reply as [number, number];
    return isGranted === 1
      ? { isGranted: true, isProbe: detail === 1 }
      : { isGranted: false, retryAfterMs: detail };
  }

  /** Tells the others what an answer said. */
  async learn(result: SendResult, isProbe: boolean): Promise<void> {
    const { redis, key, minDelayMs, maxDelayMs } = this.#options;
    const { limit, remaining, resetsAt } = result.rateLimit ?? {};
    const resetsInMs = resetsAt === undefined ? '' : Math.max(0, resetsAt - Date.now());
    await redis.eval(
      learnScript,
      1,
      key,
      result.status,
      +isProbe,
      limit ?? '',
      remaining ?? '',
      resetsInMs,
      minDelayMs,
      maxDelayMs,
      Math.random(),
    );
  }

  /** The budget as all relays together know it. */
  async state(): Promise<RateLimit> {
    const { redis, key } = this.#options;
    const reply = await redis.eval(stateScript, 1, key);
    const [limit, remaining, resetsInMs] = (reply as number[]).map((value) =>
      value < 0 ? undefined : value,
    );
    return { limit, remaining, resetsAt: resetsInMs === undefined ? undefined : Date.now() + resetsInMs };
  }
}

/** The API where none is named. */
const defaultApiUrl = 'https://api.successeve.com';

/**
 * Where the budget of a token is, however the URL of the API is spelled. The token itself is not in Redis; nobody gets
 * from a part of its hash to it.
 */
export function budgetKey(prefix: string, apiUrl: string | URL | undefined, apiToken = ''): string {
  const hash = createHash('sha256')
    .update(`${apiToken} ${inOneSpelling(String(apiUrl || defaultApiUrl))}`)
    .digest('hex')
    .slice(0, 16);
  return `${prefix}:successeve-budget:${hash}`;
}

/** What is no URL is refused where the API is reached for. */
function inOneSpelling(url: string): string {
  return URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : url;
}
