import { randomUUID } from 'node:crypto';
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
import { explainRedisError, openRedis, reconnectSoon, socketTimeout } from '../redis/open-redis.js';
import { checkRedis } from './check-redis.js';
import { type ListenOptions, serve } from './http-endpoint.js';
import { RelayLog } from './relay-log.js';
import { loadMetrics, type MetricsText } from './relay-metrics.js';
import { type RelayOptions, resolveRelayOptions } from './relay-options.js';
import { RelayQueue } from './relay-queue.js';
import type { QueueState, RelayHealth, RelayStats } from './relay-stats.js';

/** Sends events from Redis to the Tracking API. Any number of relays share the work. */
export interface Relay {
  /** What happened to the events of this relay since it was created. */
  stats(): RelayStats;
  /** Whether it can do its work, and if not, why. */
  health(): RelayHealth;
  /** Everything that is measured, in the format of Prometheus. */
  metrics(): Promise<string>;
  /**
   * Serves `/healthz` and `/metrics`, until the relay is closed.
   *
   * @returns the URL. Rejects if the port is taken.
   */
  listen(options?: ListenOptions): Promise<string>;
  /**
   * Takes no more jobs, waits for the requests under way, 10 s by default, gives the rest back to Redis, and stops.
   * Never rejects; a second call returns the same promise.
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

/** How long Redis may take to respond. */
const commandTimeout = 2_000;

/** How long giving back may take, after the time for the requests under way. */
const giveBackMs = 2_000;

const nothing: readonly [[], undefined] = [[], undefined];

class SendingRelay implements Relay {
  readonly #log: RelayLog;
  /** A connection whose commands fail at once while Redis is down. */
  readonly #redis: Redis;
  readonly #queue: RelayQueue;
  readonly #budget: SharedBudget;
  readonly #tracker: Tracker;
  #metrics: ReturnType<typeof loadMetrics> | undefined;
  readonly #servers: Server[] = [];
  #closing: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    const { connection, logger, budgetKey: key, retry, probeMs, ...queue } = resolveRelayOptions(options);
    const api = httpTransport(options);
    const log = new RelayLog(logger);
    this.#log = log;
    this.#queue = new RelayQueue({ ...queue, connection, log });
    this.#redis = openRedis(connection, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout,
      socketTimeout,
      retryStrategy: reconnectSoon,
    });
    const relayId = randomUUID();
    this.#budget = new SharedBudget({ redis: this.#redis, key, relayId, ...retry, probeMs });
    this.#tracker = createTracker({
      queue: this.#queue,
      transport: withBudget(logged(api, log), this.#budget, () => this.#queue.hasMoreEvents),
      batch: options.batch,
      retry: options.retry,
      flushOnExit: false,
      logger,
      onError: ({ message }) => log.problem('the API', message),
      onDrop: (event, _reason, error) => log.dropped(event, error),
    });
    this.#connect();
  }

  stats(): RelayStats {
    const { queued, inFlight, pausedUntil } = this.#tracker.stats();
    return { ...this.#log.counts, held: queued + inFlight, inFlight, pausedUntil };
  }

  health(): RelayHealth {
    const problems = [...this.#log.problems];
    if (problems.length === 0 && this.#redis.status !== 'ready') problems.push('Redis: not connected yet');
    if (this.#closing) problems.push('the relay is closing');
    return { isHealthy: problems.length === 0, problems };
  }

  async metrics(): Promise<string> {
    const { text } = await this.#writeMetrics();
    return text;
  }

  async listen(options: ListenOptions = {}): Promise<string> {
    const sources = { health: () => this.health(), metrics: () => this.#writeMetrics() };
    const { url, server } = await serve(sources, options);
    this.#servers.push(server);
    return url;
  }

  close({ timeoutMs = 10_000 }: FlushOptions = {}): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    void this.#queue.stop();
    await this.#tracker.close({ timeoutMs });
    await this.#queue.end(AbortSignal.timeout(giveBackMs));
    this.#redis.disconnect();
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #writeMetrics(): Promise<MetricsText> {
    this.#metrics ??= loadMetrics();
    const write = await this.#metrics;
    const isRedisUp = this.#redis.status === 'ready';
    const [queues, budget] = isRedisUp ? await this.#readRedis() : nothing;
    const isApiUp = !this.#log.has('the API');
    return write({ stats: this.stats(), isRedisUp, isApiUp, queues, budget });
  }

  #connect(): void {
    const log = this.#log;
    this.#redis.on('ready', () => {
      log.resolved('Redis');
      checkRedis(this.#redis, log).catch((error) => log.commandFailed(error));
    });
    this.#redis.on('error', (error) => log.problem('Redis', explainRedisError(error)));
    this.#redis.on('close', () => {
      // An error, if there was one, is more exact.
      if (!this.#closing && !log.has('Redis')) log.problem('Redis', 'the connection was closed');
    });
    // It repeats failed attempts by itself.
    this.#redis.connect().catch(() => {});
  }

  /** The queues and the budget; empty if Redis fails, or takes too long. */
  async #readRedis(): Promise<readonly [readonly QueueState[], RateLimit | undefined]> {
    const timeout = once(AbortSignal.timeout(commandTimeout), 'abort').then(() => nothing);
    return Promise.race([Promise.all([this.#queue.states(), this.#budget.state()]), timeout]).catch(
      () => nothing,
    );
  }
}

/** Reports each request to the log. */
function logged(api: Transport, log: RelayLog): Transport {
  return {
    async send(events, options) {
      const result = await api.send(events, options);
      log.request(events, result);
      return result;
    },
    close: () => api.close?.(),
  };
}
