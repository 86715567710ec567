import type { Redis } from 'ioredis';
import { memoryFullness, redisInfo } from './redis-info.js';

/** Says what about this Redis would lose events, or keep relays from their work. */
export async function checkRedis(redis: Redis): Promise<string[]> {
  const info = await redisInfo(redis);
  const warnings: string[] = [];
  const policy = info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    warnings.push(
      `maxmemory-policy: expected noeviction, got ${policy}: Redis will throw waiting events away when its memory is full`,
    );
  }
  if (info.get('aof_enabled') === '0') {
    warnings.push(
      'appendonly: expected yes, got no: what was handed over since the last snapshot is lost when Redis is restarted',
    );
  }
  const version = info.get('redis_version') ?? '';
  if (isBelow(version, [6, 2])) warnings.push(`Redis: expected version 6.2 or later, got ${version}`);
  const fullness = memoryFullness(info);
  if (fullness !== undefined && fullness > 0.8) {
    warnings.push(
      `maxmemory: ${Math.round(fullness * 100)} % of it is in use; a full Redis stops relays too`,
    );
  }
  return warnings;
}

function isBelow(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return version !== '' && (ownMajor < major || (ownMajor === major && ownMinor < minor));
}
