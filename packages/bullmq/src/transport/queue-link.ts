import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type HandOver, jobOptions, type Kind, kinds, queueNameOf, streams } from '../job.js';
import type { ResolvedQueueOptions } from '../options.js';
import { openRedis } from '../redis/open-redis.js';
import { memoryFullness, redisInfo } from '../redis/redis-info.js';

/** How long Redis may take to connect, and to answer. Our choice; the tracker keeps its events meanwhile. */
const timeoutMs = 5_000;

/**
 * For how long a job that is done is still known, so that nobody can hand it over once more. Our choice: longer than an
 * application is cut off from Redis as a rule, and it takes 230 bytes for each hand-over of that time.
 */
const rememberMs = 60 * 60_000;

/** How full Redis may get. Our choice: a full one refuses the relays too, and would never get empty again. */
const maxFullness = 0.9;
const checkMemoryEveryMs = 1_000;

/** A job that may not be in Redis yet. */
export interface PendingJob {
  readonly id: string;
  readonly kind: Kind;
  readonly handOver: HandOver;
  isHandedOver: boolean;
}

/**
 * One connection to Redis, for as long as it lasts. It is not repaired: the tracker knows when to try again, and then
 * there is another one. So nothing in here waits for Redis, and no timer of ours holds the process open.
 */
export class QueueLink {
  readonly ready: Promise<void>;
  readonly #redis: Redis;
  readonly #queues = new Map<Kind, Queue>();
  #lastError: Error | undefined;
  #fullness: number | undefined;
  #memoryCheckedAt = 0;

  constructor(options: ResolvedQueueOptions) {
    this.#redis = openRedis(options.connection, {
      lazyConnect: true,
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      // One that is silent is given up, whatever its other end believes.
      socketTimeout: timeoutMs,
      enableOfflineQueue: false,
      // A command whose answer is lost fails, and is not sent again behind our back.
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    this.#redis.on('error', (error) => {
      this.#lastError = error;
    });
    this.ready = this.#open(options);
    // It may fail when nobody waits for it any more.
    this.ready.catch(() => {});
  }

  get isOpen(): boolean {
    return this.#redis.status !== 'end';
  }

  /** Adds a job, once: not a second time either where the answer to the first was lost. */
  async add(job: PendingJob): Promise<void> {
    if (job.isHandedOver) return;
    try {
      await this.#checkMemory();
      await this.#queues.get(job.kind)?.add(job.kind, job.handOver, {
        ...jobOptions,
        jobId: job.id,
        deduplication: { id: job.id, ttl: rememberMs },
      });
    } catch (error) {
      throw this.#explain(error);
    }
    job.isHandedOver = true;
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #open({ queueName, prefix }: ResolvedQueueOptions): Promise<void> {
    try {
      await this.#redis.connect();
      this.#redis.stream.unref();
      for (const kind of kinds) {
        const queue = new Queue(queueNameOf(queueName, kind), { connection: this.#redis, prefix, streams });
        queue.on('error', () => {});
        this.#queues.set(kind, queue);
        await queue.waitUntilReady();
      }
    } catch (error) {
      this.close();
      throw this.#explain(error);
    }
  }

  /** Where the connection is at fault, a command says so in words that are of no use to anybody. */
  #explain(error: unknown): unknown {
    if (this.#redis.status === 'ready' && this.#redis.stream.writable) return error;
    return this.#lastError ?? new Error('the connection was closed');
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
}
