// How much of a token's budget three relays use together, and how often they are rejected: node bench/budget.mjs
// A window of 10 s instead of 300, 100 requests instead of 900; five windows, each from its first request.
import { createTracker } from '../../core/dist/index.mjs';
import { startFakeApi } from '../../testing/dist/index.mjs';
import { bullmqTransport } from '../dist/index.mjs';
import { startRedis } from '../test/redis-server.ts';
import { startRelayProcess } from '../test/relay-process.ts';

const limit = 100;
const windowMs = 10_000;
const windows = 5;
const args = process.argv.slice(2);

const redis = await startRedis();
const api = await startFakeApi({ rateLimit: { limit, windowMs } });
const env = { SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url, REDIS_URL: redis.url };
const relays = [];
try {
  const tracker = createTracker({
    transport: bullmqTransport({ connection: redis.url }),
    flushOnExit: false,
  });
  for (let n = 0; n < 2 * limit * windows * (args.includes('--batch') ? 100 : 1); n++) {
    if (n % 3) tracker.event('tested', { contactUid: n });
    else tracker.pageview({ contactUid: n, visitUrl: 'https://example.com/' });
  }
  await tracker.flush();
  for (let n = 0; n < 3; n++) relays.push(startRelayProcess(env, args));
  const starts = [];
  await api.waitForRequests(1);
  const startedAt = api.requests[0].receivedAt;
  // A window begins with the first request after the end of the one before.
  while (starts.length <= windows) {
    const after = starts.length === 0 ? startedAt : starts.at(-1) + windowMs;
    const first = api.requests.find(({ receivedAt }) => receivedAt >= after);
    if (first) starts.push(first.receivedAt);
    else await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const end = starts.pop();
  const counts = (from, to) => {
    const requests = api.requests.filter(({ receivedAt }) => receivedAt >= from && receivedAt < to);
    return { sent: requests.length, rejected: requests.filter(({ status }) => status === 429).length };
  };
  starts.forEach((from, i) => {
    const { sent, rejected } = counts(from, starts[i + 1] ?? end);
    const first = relays.length;
    console.log(
      `window ${i + 1}, after ${((from - startedAt) / 1000).toFixed(2)} s: ${sent - rejected} accepted, ${rejected} rejected (${first} relays)`,
    );
  });
  const { sent, rejected } = counts(startedAt, end);
  console.log(
    `${windows} windows in ${((end - startedAt) / 1000).toFixed(1)} s: ${(((sent - rejected) / (windows * limit)) * 100).toFixed(1)} % of the budget used, ` +
      `${((rejected / sent) * 100).toFixed(2)} % of the requests rejected`,
  );
} finally {
  for (const { child } of relays) child.kill('SIGTERM');
  await Promise.all(relays.map(({ end }) => end));
  for (const { entries, noise } of relays) console.log(JSON.stringify(entries.at(-1)), noise.join('\n'));
  await api.close();
  await redis.remove();
}
