import { invalidOption, wrongOption } from '@successeve/core/queue';
import type { Redis, RedisOptions } from 'ioredis';

/** Where the queue is. Applications and relays need the same values. */
export interface BullmqOptions {
  /**
   * Redis: a URL such as `redis://user:password@host:6379/0` (`rediss:` for TLS), options of ioredis, also for
   * Sentinel, or a client of ioredis. A client is not used itself: new ones are made with its options.
   */
  connection: string | RedisOptions | Redis;
  /**
   * The name of the BullMQ queue. It holds explicit events; pageviews, contacts and accounts have queues with
   * `-pageviews`, `-contacts` and `-accounts` after that name, so that no backlog of pageviews delays the others.
   * @defaultValue `'successeve'`
   */
  queueName?: string | undefined;
  /**
   * What all keys in Redis begin with, as in BullMQ.
   * @defaultValue `'bull'`
   */
  prefix?: string | undefined;
}

export interface ResolvedBullmqOptions {
  readonly connection: BullmqOptions['connection'];
  readonly queueName: string;
  readonly prefix: string;
}

/** @throws TrackingError with the code `invalid_options`, saying what was expected and what came. */
export function resolveBullmqOptions(options: BullmqOptions): ResolvedBullmqOptions {
  const { connection, queueName = 'successeve', prefix = 'bull' } = options ?? {};
  if (typeof connection === 'string' ? !isRedisUrl(connection) : !isObject(connection)) {
    throw invalidOption(
      'connection',
      'a redis: or rediss: URL, options of ioredis or a client of it',
      connection,
    );
  }
  if (!isName(queueName)) throw invalidOption('queueName', 'a name', queueName);
  if (queueName.includes(':')) {
    throw wrongOption('queueName', 'a name without a colon', queueName);
  }
  if (!isName(prefix)) throw invalidOption('prefix', 'a name', prefix);
  return { connection, queueName, prefix };
}

function isRedisUrl(text: string): boolean {
  return /^rediss?:\/\/./.test(text) && URL.canParse(text);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
