import { Redis, type RedisOptions } from 'ioredis';
import type { BullmqOptions } from '../options.js';

/**
 * Opens a connection with our own settings.
 *
 * After a failover, the name of Redis leads to another server, while connections to the old one may stay open. So a
 * connection ends when its server replies that it is not the primary; the settings decide whether a new one follows.
 */
export function openRedis(connection: BullmqOptions['connection'], settings: RedisOptions): Redis {
  const redis = create(connection, settings);
  const { reconnectOnError } = redis.options;
  // BullMQ's blocking connections are copies of this one, and behave the same.
  redis.options.reconnectOnError = (error) => {
    if (!isNotPrimary(error)) return reconnectOnError?.(error) ?? false;
    // Listeners get the reason for the end.
    redis.emit('error', error);
    // ioredis adds a listener for each command that failed, which may be many.
    redis.stream?.setMaxListeners(0);
    return true;
  };
  return redis;
}

function create(connection: BullmqOptions['connection'], settings: RedisOptions): Redis {
  if (typeof connection === 'string') return new Redis(connection, settings);
  if ('duplicate' in connection) return connection.duplicate(settings);
  return new Redis({ ...connection, ...settings });
}

/** The wait before another attempt to connect: at most a second, so that the return of Redis is noticed soon. */
export const reconnectSoon = (attempts: number): number => Math.min(attempts * 100, 1_000);

/**
 * How long a relay waits for a reply until it opens another connection. BullMQ may wait for a job for 10 s, after an
 * error.
 */
export const socketTimeout = 12_000;

/** Whether a server replied that it is not the primary, or not yet: a replica, or one that is about to be. */
export function isNotPrimary({ message }: Error): boolean {
  // Before Redis 7, the error of a script begins with other words.
  return /\b(?:READONLY|LOADING|MASTERDOWN|UNBLOCKED) /.test(message);
}

const url = 'redis://user:password@host:6379 in REDIS_URL or `connection` (user may be empty)';

/** Explanations of replies of Redis that are not clear by themselves. */
const explanations: readonly (readonly [RegExp, string])[] = [
  [/^NOAUTH /, `it needs a password, and got none: write ${url}`],
  [/^WRONGPASS |invalid password/, `it rejected the user or the password: check ${url}`],
  [/unknown command .?WAITAOF/i, 'durable: expected Redis 7.2 or later, which has WAITAOF, got an older one'],
  [/WAITAOF cannot be used when numlocal/, 'durable: expected appendonly yes, got no'],
];

/** The message of an error of Redis, with what to do where that is known. */
export function explainRedisError({ message, code }: Error & { code?: string }): string {
  const [, explanation] = explanations.find(([pattern]) => pattern.test(message)) ?? [];
  // An attempt at several addresses fails without a message.
  return explanation ?? (message || String(code));
}
