// How many events a second one application hands over, and what that costs it: node bench/hand-over.mjs
// Against the built packages, and a redis-server that it starts itself.
import { createTracker } from '../../core/dist/index.mjs';
import { bullmqTransport } from '../dist/index.mjs';
import { startRedis } from '../test/redis-server.ts';

const perSecond = Number(process.argv[2] ?? 20_000);
const seconds = Number(process.argv[3] ?? 10);
const visit = {
  contactUid: '123456',
  accountUid: 'acme',
  visitUrl: 'https://example.com/some/path?and=a&query=that&is=long',
  params: { plan: 'enterprise', pad: 'x'.repeat(120) },
};

const redis = await startRedis();
try {
  const tracker = createTracker({
    transport: bullmqTransport({ connection: redis.url }),
    flushOnExit: false,
  });
  tracker.pageview(visit);
  await tracker.flush();
  const before = { at: performance.now(), cpu: process.cpuUsage() };
  let most = 0;
  for (let n = 0; n < perSecond * seconds; ) {
    const due = ((performance.now() - before.at) / 1000) * perSecond;
    for (; n < due && n < perSecond * seconds; n++) tracker.pageview(visit);
    most = Math.max(most, tracker.stats().queued);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const tracked = performance.now() - before.at;
  const { pending } = await tracker.flush({ timeoutMs: 60_000 });
  const took = performance.now() - before.at;
  const { user, system } = process.cpuUsage(before.cpu);
  const events = perSecond * seconds;
  console.log(
    `${events} events tracked in ${(tracked / 1000).toFixed(2)} s, all in Redis after ${(took / 1000).toFixed(2)} s: ` +
      `${Math.round(events / (took / 1000))}/s; ${pending} pending, at most ${most} waited; ` +
      `${((user + system) / events).toFixed(1)} µs of CPU an event, all in`,
  );
  await tracker.close();
} finally {
  await redis.remove();
}
