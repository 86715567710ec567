import { Redis, type RedisOptions } from 'ioredis';
import type { QueueOptions } from './options.js';

/** A connection of ours to the Redis that was named, with settings of ours. */
export function openRedis(connection: QueueOptions['connection'], settings: RedisOptions): Redis {
  if (typeof connection === 'string') return new Redis(connection, settings);
  if ('duplicate' in connection) return connection.duplicate(settings);
  return new Redis({ ...connection, ...settings });
}

/** The wait before another attempt to connect, for who never gives up: within a second it knows that Redis is back. */
export const reconnectSoon = (attempts: number): number => Math.min(attempts * 100, 1_000);

/** For how long Redis may owe a relay an answer until the connection is given up for another one. */
export const socketTimeout = 10_000;
