import { Redis, type RedisOptions } from 'ioredis';
import type { QueueOptions } from '../options.js';

/**
 * A connection of ours to the Redis that was named, with settings of ours.
 *
 * After a failover the name leads to another server, while connections to the old one may stay open. So a connection
 * ends where its server answers that it is not the primary; whether there is another one then is up to the settings.
 */
export function openRedis(connection: QueueOptions['connection'], settings: RedisOptions): Redis {
  const redis = create(connection, settings);
  const { reconnectOnError } = redis.options;
  // BullMQ's blocking connections are copies of this one, and so do the same.
  redis.options.reconnectOnError = (error) => {
    if (!isOfNoPrimary(error)) return reconnectOnError?.(error) ?? false;
    // What is told of a connection that was lost should say why.
    redis.emit('error', error);
    // ioredis listens for the end once more for each command that failed, which may be many.
    redis.stream?.setMaxListeners(0);
    return true;
  };
  return redis;
}

function create(connection: QueueOptions['connection'], settings: RedisOptions): Redis {
  if (typeof connection === 'string') return new Redis(connection, settings);
  if ('duplicate' in connection) return connection.duplicate(settings);
  return new Redis({ ...connection, ...settings });
}

/** The wait before another attempt to connect, for who never gives up: within a second it knows that Redis is back. */
export const reconnectSoon = (attempts: number): number => Math.min(attempts * 100, 1_000);

/**
 * For how long Redis may owe a relay an answer until the connection is given up for another one. BullMQ may wait for a
 * job for 10 s, after an error.
 */
export const socketTimeout = 12_000;

/** Whether a server answered that it is not the primary, or not yet: a replica, or one that is about to be. */
export function isOfNoPrimary({ message }: Error): boolean {
  // Before Redis 7, the error of a script has its own words in front.
  return /\b(?:READONLY|LOADING|MASTERDOWN|UNBLOCKED) /.test(message);
}
