import { once } from 'node:events';
import type { Queue, TrackingError } from '@successeve/core';
import { eventKinds, type QueuedEvent, type QueueHost } from '@successeve/core/queue';
import type { Redis } from 'ioredis';
import { openRedis, reconnectSoon, socketTimeout } from '../redis/open-redis.js';
import { RelayLane, type RelayLaneOptions } from './relay-lane.js';
import type { QueueState } from './relay-stats.js';

/**
 * The queue of a relay: the events of the jobs that it took from Redis, a few hundred at most. To the tracker, they are
 * events of another process (`adopt`). Each kind has its own queue in Redis and its own {@link RelayLane} here.
 */
export class RelayQueue implements Queue {
  readonly #options: RelayLaneOptions;
  #host: QueueHost | undefined;
  #redis: Redis | undefined;
  /** In the order in which their events are leased. */
  #lanes: readonly RelayLane[] = [];
  #leasedCount = 0;
  #renewalTimer: NodeJS.Timeout | undefined;
  #renewing: Promise<unknown> | undefined;
  #onIdle: () => void = () => {};

  constructor(options: RelayLaneOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.length, 0);
  }

  /** Whether anything but pageviews waits in this relay. */
  get hasMoreEvents(): boolean {
    return this.#lanes.some(({ kind, length }) => kind !== 'pageview' && length > 0);
  }

  /** The jobs of each kind in Redis. */
  states(): Promise<QueueState[]> {
    return Promise.all(this.#lanes.map((lane) => lane.state()));
  }

  open(host: QueueHost): void {
    this.#host = host;
    const redis = openRedis(this.#options.connection, {
      // BullMQ requires it: its commands wait for a connection.
      maxRetriesPerRequest: null,
      retryStrategy: reconnectSoon,
      socketTimeout,
    });
    redis.on('error', () => {});
    this.#redis = redis;
    this.#lanes = eventKinds.map((kind) => new RelayLane(kind, redis, host, this.#options));
    this.#renewalTimer = setInterval(() => this.#renew(), this.#options.leaseMs / 3);
  }

  /** A relay tracks nothing itself. */
  push(event: QueuedEvent): readonly QueuedEvent[] {
    return [event];
  }

  lease(limit: number): QueuedEvent[] {
    const leased: QueuedEvent[] = [];
    if (this.#lanes.some((lane) => lane.isOverdue)) {
      // The process was frozen: another relay may hold these jobs now.
      this.#renew();
      return leased;
    }
    for (const lane of this.#lanes) leased.push(...lane.lease(limit - leased.length));
    this.#leasedCount += leased.length;
    return leased;
  }

  settle(events: readonly QueuedEvent[], rejection?: TrackingError): void {
    this.#leasedCount -= events.length;
    for (const lane of this.#lanes) void lane.settle(events, rejection).then(() => this.#checkIdle());
  }

  release(events: readonly QueuedEvent[]): void {
    this.#leasedCount -= events.length;
    for (const lane of this.#lanes) lane.release(events);
    this.#checkIdle();
  }

  /** Forgets the waiting events; their jobs stay in Redis. */
  close(): readonly QueuedEvent[] {
    for (const lane of this.#lanes) lane.close();
    return [];
  }

  /** Takes no more jobs. */
  async stop(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
  }

  /** Waits for the leased events, gives the other jobs back to Redis and disconnects; at the latest at `signal`. */
  async end(signal: AbortSignal): Promise<void> {
    const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort');
    await Promise.race([aborted, this.#giveBackAll()]);
    clearInterval(this.#renewalTimer);
    await Promise.race([aborted, Promise.all(this.#lanes.map((lane) => lane.disconnect()))]);
    this.#redis?.disconnect();
  }

  async #giveBackAll(): Promise<void> {
    await this.stop();
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      this.#checkIdle();
    });
    await Promise.all(this.#lanes.map((lane) => lane.giveBack()));
  }

  #renew(): void {
    this.#renewing ??= Promise.all(this.#lanes.map((lane) => lane.renew())).finally(() => {
      this.#renewing = undefined;
      this.#host?.wake();
    });
  }

  #checkIdle(): void {
    if (this.#leasedCount === 0) this.#onIdle();
  }
}
