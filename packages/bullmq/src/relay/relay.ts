import { once } from 'node:events';
import type { Server } from 'node:http';
import {
  createTracker,
  type FlushOptions,
  httpTransport,
  type RateLimit,
  type Tracker,
  type Transport,
} from '@successeve/core';
import type { Redis } from 'ioredis';
import { SharedBudget } from '../budget/shared-budget.js';
import { withBudget } from '../budget/with-budget.js';
import { kinds } from '../job.js';
import { checkRedis } from '../redis/check-redis.js';
import { openRedis, reconnectSoon, socketTimeout } from '../redis/open-redis.js';
import { type ListenOptions, serve } from './http-endpoint.js';
import { Journal } from './relay-log.js';
import { RelayMetrics } from './relay-metrics.js';
import { type RelayOptions, type ResolvedRelayOptions, resolveRelayOptions } from './relay-options.js';
import { RelayQueue } from './relay-queue.js';
import type { QueueState, RelayHealth, RelayStats } from './relay-stats.js';

/** Takes events from Redis to the Tracking API, beside any number of others. */
export interface Relay {
  /** What became of everything in this relay, since it was created. */
  stats(): RelayStats;
  /** Whether it can do its work, and what keeps it from that. */
  health(): RelayHealth;
  /** Everything that is measured, in the format of Prometheus. */
  metrics(): Promise<string>;
  /**
   * Serves `/healthz` and `/metrics`, until the relay is closed.
   *
   * @returns where. Rejects where the port is taken.
   */
  listen(options?: ListenOptions): Promise<string>;
  /**
   * Takes nothing more, waits for the requests under way, gives the rest back to Redis, and stops. Twice is once. It
   * waits 10 s by default, and never rejects.
   */
  close(options?: FlushOptions): Promise<void>;
}

/**
 * Creates a relay, which starts at once and works until it is closed.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function createRelay(options: RelayOptions): Relay {
  return new SendingRelay(options);
}

/** How long Redis may take to answer before that counts as away. */
const commandTimeout = 2_000;

/** How long giving back may take, beyond the time for the requests under way. */
const giveBackMs = 2_000;

class SendingRelay implements Relay {
  readonly #journal: Journal;
  /** For what must not wait while Redis is away. */
  readonly #redis: Redis;
  readonly #queue: RelayQueue;
  readonly #budget: SharedBudget;
  readonly #tracker: Tracker;
  #metrics: Promise<RelayMetrics> | undefined;
  readonly #servers: Server[] = [];
  #closing: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    const resolved = resolveRelayOptions(options);
    const api = httpTransport(options);
    const journal = new Journal(resolved.log);
    this.#journal = journal;
    this.#queue = new RelayQueue({ ...resolved, journal });
    this.#redis = openRedis(resolved.connection, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout,
      socketTimeout,
      retryStrategy: reconnectSoon,
    });
    this.#budget = this.#openBudget(resolved);
    // To the tracker, whatever other processes handed over is what they left behind in its queue.
    this.#tracker = createTracker({
      queue: this.#queue,
      transport: withBudget(this.#watched(api), this.#budget, () =>
        kinds.some((kind) => kind !== 'pageview' && this.#queue.waiting(kind) > 0),
      ),
      batch: options.batch,
      retry: options.retry,
      flushOnExit: false,
      logger: journal.logger,
      onError: ({ code, message, status }) => journal.began('the API', message, { code, status }),
      onDrop: (event, _reason, error) => journal.dropped(event, error),
    });
    this.#connect();
  }

  stats(): RelayStats {
    const { queued, inFlight, pausedUntil } = this.#tracker.stats();
    const { delivered, refused, requests, takenOver, lostJobs } = this.#journal;
    return {
      delivered: { ...delivered },
      refused: { ...refused },
      requests: { ...requests },
      takenOver,
      lostJobs,
      held: queued + inFlight,
      inFlight,
      pausedUntil,
    };
  }

  health(): RelayHealth {
    const problems = [...this.#journal.problems];
    if (problems.length === 0 && this.#redis.status !== 'ready') problems.push('Redis: not connected yet');
    if (this.#closing) problems.push('the relay is closing');
    return { isHealthy: problems.length === 0, problems };
  }

  async metrics(): Promise<string> {
    return (await this.#render()).text;
  }

  async listen(options: ListenOptions = {}): Promise<string> {
    const { url, server } = await serve(
      { health: () => this.health(), metrics: () => this.#render() },
      options,
    );
    this.#servers.push(server);
    return url;
  }

  close({ timeoutMs = 10_000 }: FlushOptions = {}): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const stopped = this.#queue.stop();
    await this.#tracker.close({ timeoutMs });
    const signal = AbortSignal.timeout(giveBackMs);
    await Promise.race([stopped, once(signal, 'abort')]);
    await this.#queue.end(signal);
    this.#redis.disconnect();
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  #openBudget({ budgetKey, retry, probeMs }: ResolvedRelayOptions): SharedBudget {
    const { relayId } = this.#queue;
    return new SharedBudget({ redis: this.#redis, key: budgetKey, relayId, ...retry, probeMs });
  }

  /** Tells the journal what became of each request. */
  #watched(api: Transport): Transport {
    return {
      send: async (events, options) => {
        const result = await api.send(events, options);
        this.#journal.answered(events, result);
        return result;
      },
      close: () => api.close?.(),
    };
  }

  #connect(): void {
    const journal = this.#journal;
    this.#redis.on('ready', () => {
      journal.ended('Redis');
      void checkRedis(this.#redis).then(
        (warnings) => {
          for (const message of warnings) journal.sayNowAndThen(message, { level: 'warn', message });
        },
        (error) => journal.commandFailed(error),
      );
    });
    this.#redis.on('error', (error) => journal.began('Redis', error.message));
    this.#redis.on('close', () => {
      // Where there was an error, that says more.
      if (!this.#closing && journal.isWell('Redis')) journal.began('Redis', 'the connection was closed');
    });
    // It goes on trying by itself.
    this.#redis.connect().catch(() => {});
  }

  async #render(): Promise<{ contentType: string; text: string }> {
    this.#metrics ??= RelayMetrics.load();
    const metrics = await this.#metrics;
    const isRedisUp = this.#redis.status === 'ready';
    const [queues, budget] = isRedisUp ? await this.#lookIntoRedis() : [[], undefined];
    const text = await metrics.render({
      stats: this.stats(),
      isRedisUp,
      isApiUp: this.#journal.isWell('the API'),
      queues,
      budget,
    });
    return { contentType: metrics.contentType, text };
  }

  /** What is there just now; nothing where Redis goes away in this moment. */
  async #lookIntoRedis(): Promise<[readonly QueueState[], RateLimit | undefined]> {
    const signal = AbortSignal.timeout(commandTimeout);
    const look = Promise.all([
      Promise.all(kinds.map((kind) => this.#queue.state(kind))),
      this.#budget.state(),
    ]);
    const tooLate = once(signal, 'abort').then((): [[], undefined] => [[], undefined]);
    return Promise.race([look, tooLate]).catch((): [[], undefined] => [[], undefined]);
  }
}
