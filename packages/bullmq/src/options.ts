import { TrackingError } from '@successeve/core';
import type { Redis, RedisOptions } from 'ioredis';

/** Where the queue is. The same for applications and relays, or they do not meet. */
export interface QueueOptions {
  /**
   * Redis: a URL such as `redis://user:password@host:6379/0` (`rediss:` for TLS), options of ioredis, also for
   * Sentinel, or a client of ioredis. A client is not used itself: others are made with its options.
   */
  connection: string | RedisOptions | Redis;
  /**
   * The name of the BullMQ queue. Explicit events are in it; pageviews are in a second one, named with `-pageviews`
   * behind it, so that events can overtake them, and contacts and accounts in `-contacts` and `-accounts`.
   * @defaultValue `'successeve'`
   */
  queueName?: string | undefined;
  /**
   * What all keys in Redis begin with, as in BullMQ.
   * @defaultValue `'bull'`
   */
  prefix?: string | undefined;
}

export interface ResolvedQueueOptions {
  readonly connection: QueueOptions['connection'];
  readonly queueName: string;
  readonly prefix: string;
}

/** @throws TrackingError with the code `invalid_options`, saying what was expected and what came. */
export function resolveQueueOptions(options: QueueOptions): ResolvedQueueOptions {
  const { connection, queueName = 'successeve', prefix = 'bull' } = options ?? {};
  if (typeof connection === 'string' ? !isRedisUrl(connection) : !isObject(connection)) {
    const got =
      typeof connection === 'string' ? 'another string' : connection === null ? 'null' : typeof connection;
    throw invalidOption('connection', 'a redis: or rediss: URL, options of ioredis or a client of it', got);
  }
  if (!isName(queueName) || queueName.includes(':')) {
    throw invalidOption('queueName', 'a name without a colon', JSON.stringify(queueName));
  }
  if (!isName(prefix)) throw invalidOption('prefix', 'a name', JSON.stringify(prefix));
  return { connection, queueName, prefix };
}

export function invalidOption(option: string, expected: string, got: string): TrackingError {
  return new TrackingError('invalid_options', `${option}: expected ${expected}, got ${got}`);
}

/** What cannot be read would be repeated in errors, password and all. */
function isRedisUrl(text: string): boolean {
  return /^rediss?:\/\/./.test(text) && URL.canParse(text);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
