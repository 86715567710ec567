import { createTracker, type Tracker, type TrackerOptions } from '@successeve/core';
import { type FakeApi, type FakeApiOptions, startFakeApi } from '@successeve/testing';
import { type Job, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { createRelay, type Relay } from '../src/relay/relay.ts';
import type { RelayOptions } from '../src/relay/relay-options.ts';
import { bullmqTransport } from '../src/transport/bullmq-transport.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

/** A line of a log: its level and its message. */
export type LogLine = readonly [level: 'debug' | 'warn' | 'error', message: string];

/** How long anything may take that takes a moment, on a busy machine. */
const patienceMs = 20_000;

/** Waits until `check` does not throw any more. */
export function soon<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: patienceMs, interval: 20 });
}

export function contactsOf(events: readonly { contact_uid: string }[]): string[] {
  return events.map(({ contact_uid }) => contact_uid);
}

/** The contacts from 0 up to a number, as `handOver` makes them. */
export function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, n) => String(n));
}

/** What the tests of a file play on: a Redis of their own, and for each test a queue of its own. */
export interface Stage {
  readonly redis: RedisServer;
  readonly queueName: string;
  /** What the relays of this test logged: the level and the message. */
  readonly log: LogLine[];
  /** Those that are warnings or errors. */
  readonly problems: readonly LogLine[];
  startApi(options?: FakeApiOptions): Promise<FakeApi>;
  tracker(options?: TrackerOptions & { url?: string }): Tracker;
  /** Puts events of the contacts 0, 1, 2, … into Redis. */
  handOver(count: number): Promise<void>;
  relay(api: FakeApi, options?: Partial<RelayOptions>): Relay;
  /** The queue of BullMQ, to look into it. */
  queue(suffix?: string): Queue;
  failed(count: number, suffix?: string): Promise<Job[]>;
  /** All keys of the queue but those that BullMQ keeps of any. */
  keysLeft(): Promise<string[]>;
  /** A client of the Redis of this test. */
  client(): Redis;
  /** Changes a setting of Redis, for this test. */
  configure(name: string, value: string): Promise<void>;
}

export function setStage(settings: readonly string[] = []): Stage {
  let redis: RedisServer;
  let tests = 0;
  let log: LogLine[] = [];
  const closing: (() => unknown)[] = [];

  beforeAll(async () => {
    redis = await startRedis(settings);
  });
  afterEach(async () => {
    // Relays and trackers before the API and the Redis that they use.
    for (const close of closing.splice(0).reverse()) await close();
    tests++;
    log = [];
  });
  afterAll(() => redis?.remove());

  const stage: Stage = {
    get redis() {
      return redis;
    },
    get queueName() {
      return `test-${tests}`;
    },
    get log() {
      return log;
    },
    get problems() {
      return log.filter(([level]) => level !== 'debug');
    },
    async startApi(options) {
      const api = await startFakeApi(options);
      closing.push(() => api.close());
      const { waitForEvents, waitForRequests } = api;
      return Object.assign(api, {
        waitForEvents: (count, wait) => waitForEvents(count, { timeoutMs: patienceMs, ...wait }),
        waitForRequests: (count, wait) => waitForRequests(count, { timeoutMs: patienceMs, ...wait }),
      } satisfies Partial<FakeApi>);
    },
    tracker({ url = redis.url, ...options } = {}) {
      const transport = bullmqTransport({ connection: url, queueName: stage.queueName });
      const retry = { minDelayMs: 20, maxDelayMs: 200 };
      const tracker = createTracker({ transport, retry, flushOnExit: false, onError: () => {}, ...options });
      closing.push(() => tracker.close({ timeoutMs: 0 }));
      return tracker;
    },
    async handOver(count) {
      const tracker = stage.tracker();
      for (let contactUid = 0; contactUid < count; contactUid++) tracker.event('tested', { contactUid });
      await tracker.flush();
    },
    relay(api, options) {
      const own = log;
      const relay = createRelay({
        connection: redis.url,
        queueName: stage.queueName,
        apiToken: api.token,
        apiUrl: api.url,
        retry: { minDelayMs: 20, maxDelayMs: 200 },
        logger: {
          debug: (message) => own.push(['debug', message]),
          warn: (message) => own.push(['warn', message]),
          error: (message) => own.push(['error', message]),
        },
        ...options,
      });
      closing.push(() => relay.close({ timeoutMs: 500 }));
      return relay;
    },
    queue(suffix = '') {
      const queue = new Queue(`${stage.queueName}${suffix}`, { connection: stage.client() });
      closing.push(() => queue.close());
      return queue;
    },
    async failed(count, suffix) {
      const queue = stage.queue(suffix);
      return soon(async () => {
        const failed = await queue.getFailed();
        if (failed.length < count) throw new Error(`expected ${count} failed jobs, got ${failed.length}`);
        return failed;
      });
    },
    async keysLeft() {
      const keys = await stage.client().keys(`bull:${stage.queueName}*`);
      return keys.filter((key) => !/:(meta|id|events|stalled-check|marker)$|:de:/.test(key));
    },
    async configure(name, value) {
      const client = stage.client();
      const before = (await client.config('GET', name)) as [string, string];
      // Put back before the client is closed.
      closing.push(() => client.config('SET', name, before[1]));
      await client.config('SET', name, value);
    },
    client() {
      const client = new Redis(redis.url, { maxRetriesPerRequest: null });
      closing.push(() => client.disconnect());
      return client;
    },
  };
  return stage;
}
