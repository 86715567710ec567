// Five applications, three relays, kills, and a Redis that goes away: node bench/fleet.mjs [events] [batch | single]
import { startFakeApi } from '../../testing/dist/index.mjs';
import { runFleet } from '../test/fleet.ts';
import { startRedis } from '../test/redis-server.ts';

const redis = await startRedis();
const isBatch = process.argv[3] !== 'single';
const api = await startFakeApi({
  rateLimit: { limit: isBatch ? 40 : 1000, windowMs: 1_000 },
  replies: () => ({ delayMs: 300 }),
});
try {
  const report = await runFleet({
    api,
    redis,
    queueName: 'fleet',
    events: Number(process.argv[2] ?? 50_000),
    leaseMs: 18_000,
    redisAwayMs: 10_000,
    kills: 25,
    batch: isBatch,
  });
  const { handedOver, lost, duplicates, kills, seconds, trouble } = report;
  const longest = Math.max(0, ...duplicates.map(({ msToNote = Infinity }) => msToNote));
  console.log(
    `${handedOver} events handed over, ${kills} kills, in ${seconds.toFixed(0)} s: ${lost.length} lost, ` +
      `${duplicates.length} sent twice, by relays that had at most ${longest} ms to note it in Redis before they were killed`,
  );
  console.log(trouble.join('\n'));
} finally {
  await api.close();
  await redis.remove();
}
