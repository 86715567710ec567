import { type EventKind, eventKinds } from '@successeve/core/queue';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type HandOver, jobOptions, queueNameOf, streams } from '../job.js';
import type { ResolvedBullmqOptions } from '../options.js';
import { explainRedisError, openRedis } from '../redis/open-redis.js';
import { memoryFullness, redisInfo } from '../redis/redis-info.js';

/** How long Redis may take to connect and to respond. Our choice; the tracker keeps its events until then. */
const timeoutMs = 5_000;

/** How long Redis may take to write to its disk: less, so that it responds in time. */
const diskTimeoutMs = timeoutMs - 500;

/**
 * How long Redis remembers a finished job, so that it cannot be handed over a second time. Our choice: longer than an
 * application is usually cut off from Redis. Each hand-over of that time takes 230 bytes.
 */
const rememberMs = 60 * 60_000;

/** How full Redis may get. Our choice: a full one stops the relays too, and would stay full. */
const maxFullness = 0.9;
const checkMemoryEveryMs = 1_000;

/** A job that may not be in Redis yet. */
export interface PendingJob {
  readonly id: string;
  readonly kind: EventKind;
  readonly handOver: HandOver;
  isHandedOver: boolean;
}

export interface QueueLinkOptions extends ResolvedBullmqOptions {
  readonly durable: boolean;
}

/**
 * One connection to Redis. It is not repaired: when the tracker tries again, the transport opens another one. So all
 * commands fail at once when the connection is lost, and no timer holds the process open.
 */
export class QueueLink {
  readonly ready: Promise<void>;
  readonly #redis: Redis;
  readonly #isDurable: boolean;
  readonly #queues = new Map<EventKind, Queue>();
  #lastError: Error | undefined;
  #fullness: number | undefined;
  #memoryCheckedAt = 0;
  #syncing: Promise<void> = Promise.resolve();
  #nextSync: Promise<void> | undefined;

  constructor(options: QueueLinkOptions) {
    this.#isDurable = options.durable;
    this.#redis = openRedis(options.connection, {
      lazyConnect: true,
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      // A silent connection is given up, even if it looks open.
      socketTimeout: timeoutMs,
      enableOfflineQueue: false,
      // A command whose reply is lost fails; ioredis does not repeat it.
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    this.#redis.on('error', (error) => {
      this.#lastError = error;
    });
    this.ready = this.#open(options);
    // It may fail after the last caller has gone.
    this.ready.catch(() => {});
  }

  get isOpen(): boolean {
    return this.#redis.status !== 'end';
  }

  /** Adds a job, once: a job whose first reply was lost is not added again. */
  async add(job: PendingJob): Promise<void> {
    if (job.isHandedOver) return;
    try {
      await this.#checkMemory();
      await this.#queues.get(job.kind)?.add(job.kind, job.handOver, {
        ...jobOptions,
        jobId: job.id,
        deduplication: { id: job.id, ttl: rememberMs },
      });
      if (this.#isDurable) await this.#synced();
    } catch (error) {
      throw this.#explain(error);
    }
    job.isHandedOver = true;
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #open({ queueName, prefix }: ResolvedBullmqOptions): Promise<void> {
    try {
      await this.#redis.connect();
      this.#redis.stream.unref();
      if (this.#isDurable) await this.#sync();
      for (const kind of eventKinds) {
        const queue = new Queue(queueNameOf(queueName, kind), { connection: this.#redis, prefix, streams });
        queue.on('error', () => {});
        this.#queues.set(kind, queue);
        await queue.waitUntilReady();
      }
    } catch (error) {
      const explained = this.#explain(error);
      this.close();
      throw explained;
    }
  }

  /** The error of the connection, where that is the cause: the errors of its commands do not name it. */
  #explain(error: unknown): Error {
    const isConnected = this.#redis.status === 'ready' && this.#redis.stream.writable;
    const cause = isConnected ? error : this.#lastError;
    return new Error(cause ? explainRedisError(cause as Error) : 'the connection was closed', { cause });
  }

  async #checkMemory(): Promise<void> {
    const now = Date.now();
    if (now >= this.#memoryCheckedAt + checkMemoryEveryMs) {
      this.#memoryCheckedAt = now;
      this.#fullness = memoryFullness(await redisInfo(this.#redis, 'memory'));
    }
    if (this.#fullness !== undefined && this.#fullness > maxFullness) {
      throw new Error(`its memory is ${Math.round(this.#fullness * 100)} % full`);
    }
  }

  /** Resolves when everything added so far is on disk. Jobs that come during one wait share the next. */
  #synced(): Promise<void> {
    this.#nextSync ??= this.#syncing
      .catch(() => {})
      .then(() => {
        this.#nextSync = undefined;
        this.#syncing = this.#sync();
        return this.#syncing;
      });
    return this.#nextSync;
  }

  async #sync(): Promise<void> {
    const [local] = (await this.#redis.call('WAITAOF', 1, 0, diskTimeoutMs)) as [number, number];
    if (local < 1) throw new Error(`its disk took longer than ${diskTimeoutMs} ms`);
  }
}
