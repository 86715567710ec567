import type { Redis } from 'ioredis';

/** The fields of INFO: of all sections, or of one. */
export async function redisInfo(redis: Redis, section = 'default'): Promise<ReadonlyMap<string, string>> {
  const text = await redis.info(section);
  const lines = text.split(/\r?\n/).map((line) => line.split(/:(.*)/s));
  return new Map(lines.flatMap(([name, value]) => (name && value !== undefined ? [[name, value]] : [])));
}

/** How full the memory of Redis is, from 0 to 1; `undefined` without a limit. */
export function memoryFullness(info: ReadonlyMap<string, string>): number | undefined {
  const max = Number(info.get('maxmemory') ?? 0);
  return max > 0 ? Number(info.get('used_memory') ?? 0) / max : undefined;
}
