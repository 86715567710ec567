import type { Redis } from 'ioredis';
import { memoryFullness, redisInfo } from '../redis/redis-info.js';
import type { RelayLog } from './relay-log.js';

/** Logs the settings with which Redis loses events, or stops relays; at `debug` those that may be meant. */
export async function checkRedis(redis: Redis, log: RelayLog): Promise<void> {
  const info = await redisInfo(redis);
  const warn = (message: string): void => log.logRarely('warn', message);
  const policy = info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    warn(
      `maxmemory-policy: expected noeviction, got ${policy}: Redis evicts waiting events when its memory is full`,
    );
  }
  if (info.get('aof_enabled') === '0') {
    warn(
      'appendonly: expected yes, got no: a crash or restart of Redis loses all events since its last snapshot',
    );
  } else logSync(await readAppendfsync(redis), log);
  const version = info.get('redis_version') ?? '';
  if (isBelow(version, [6, 2])) warn(`Redis: expected version 6.2 or later, got ${version}`);
  const fullness = memoryFullness(info);
  if (fullness !== undefined && fullness > 0.8) {
    warn(`maxmemory: ${Math.round(fullness * 100)} % of it is in use; a full Redis stops relays too`);
  }
}

/** When Redis waits for its disk; `undefined` where CONFIG is not allowed, as in many managed ones. */
async function readAppendfsync(redis: Redis): Promise<string | undefined> {
  const reply = await redis.config('GET', 'appendfsync').catch(() => []);
  return (reply as string[])[1];
}

function logSync(appendfsync: string | undefined, log: RelayLog): void {
  const remedy = 'durable: true in bullmqTransport, or appendfsync always, waits for the disk';
  if (appendfsync === 'everysec') {
    const message = `appendfsync is everysec: a crash may lose the last one or two seconds of events; ${remedy}`;
    log.logRarely('debug', message);
  }
  if (appendfsync === 'no') {
    const loss = 'a crash of its machine loses all events that its kernel had not written, often 30 s';
    log.logRarely('warn', `appendfsync: expected everysec or always, got no: ${loss}; ${remedy}`);
  }
}

function isBelow(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return version !== '' && (ownMajor < major || (ownMajor === major && ownMinor < minor));
}
