import { scale } from '@successeve/test-scale';
import { describe, expect, it } from 'vitest';
import { runFleet } from '../test/fleet.ts';
import { setStage, soon } from '../test/stage.ts';

const stage = setStage();
const visitUrl = 'https://example.com/';

/** Three relays in this process; to Redis and the API they are as good as three machines. */
function threeRelays(...args: Parameters<typeof stage.relay>): ReturnType<typeof stage.relay>[] {
  return [stage.relay(...args), stage.relay(...args), stage.relay(...args)];
}

describe('three relays', () => {
  it('use one budget together, all of it, and are hardly ever rejected', async () => {
    const [limit, windows, windowMs] = [40, 2, 5_000];
    const api = await stage.startApi({ rateLimit: { limit, windowMs } });
    await stage.handOver(limit * windows * 5);
    const relays = threeRelays(api);
    await api.waitForEvents(limit * windows);
    const sent = api.requests.filter(({ status }) => status === 200);
    const rejected = api.requests.filter(({ status }) => status === 429);
    expect(rejected.length).toBeLessThanOrEqual(2);
    // A window begins with its first request. All of each was used before the next began.
    for (let window = 0; window < windows; window++) {
      const ofWindow = sent.slice(window * limit, (window + 1) * limit);
      const spread = (ofWindow.at(-1)?.receivedAt ?? 0) - (ofWindow[0]?.receivedAt ?? 0);
      expect(spread).toBeLessThan(windowMs);
    }
    for (const relay of relays) expect(relay.stats().delivered.event).toBeGreaterThan(0);
  });

  it('meet one 429 a window where the API reports its budget only with those', async () => {
    const limit = 30;
    let used = 0;
    let endsAt = 0;
    const api = await stage.startApi({
      replies: () => {
        if (Date.now() >= endsAt) {
          used = 0;
          endsAt = Date.now() + 1_500;
        }
        if (used++ < limit) return undefined;
        const headers = {
          'X-RateLimit-Limit': String(limit),
          'X-RateLimit-Remaining': '0',
          'Retry-After': '2',
        };
        return { status: 429, headers };
      },
    });
    await stage.handOver(limit * 4);
    threeRelays(api);
    await api.waitForEvents(limit + 1);
    const rejections = (): number => api.requests.filter(({ status }) => status === 429).length;
    const before = rejections();
    await api.waitForEvents(limit * 3 + 1);
    expect(rejections() - before).toBeLessThanOrEqual(8);
  });

  it('let the explicit events of one go before the pageviews of the others', async () => {
    const api = await stage.startApi({ rateLimit: { limit: 20, windowMs: 1_000 } });
    const tracker = stage.tracker();
    for (let n = 0; n < 1000; n++) tracker.pageview({ contactUid: `page${n}`, visitUrl });
    await tracker.flush();
    threeRelays(api);
    await api.waitForEvents(20);
    // One hand-over, and so one relay that has all of them.
    for (let n = 0; n < 40; n++) tracker.event('tested', { contactUid: `event${n}` });
    await tracker.flush();
    await soon(async () => expect(await stage.queue().getWaitingCount()).toBe(0));
    const before = api.events.length;
    await api.waitForEvents(before + 60);
    const next = api.events.slice(before, before + 60).map(({ contact_uid }) => contact_uid);
    // The others may have sent some before they heard of it. Had they not waited, it would be twice as many.
    expect(next.filter((contact) => contact.startsWith('event'))).toHaveLength(40);
  });

  it('probe one at a time while the API is away', async () => {
    let underWay = 0;
    let most = 0;
    let seen = 0;
    const api = await stage.startApi({
      replies: () => {
        seen++;
        most = seen > 20 ? Math.max(most, ++underWay) : 0;
        if (seen > 20) setTimeout(() => underWay--, 50);
        return { status: 503, delayMs: 50 };
      },
    });
    await stage.handOver(300);
    threeRelays(api, { retry: { minDelayMs: 5, maxDelayMs: 10 } });
    await api.waitForRequests(45);
    expect(most).toBe(1);
  });
});

describe('a fleet of five applications and three relays', () => {
  const events = scale(5_000, 50_000);

  it('delivers all that was handed over, through kills of relays, of an application, and of Redis', {
    timeout: 240_000,
  }, async () => {
    // Slow, and with a budget that keeps work waiting: so a kill always hits a relay that holds much.
    const api = await stage.startApi({
      rateLimit: { limit: scale(10, 40), windowMs: 1_000 },
      replies: () => ({ delayMs: 300 }),
    });
    const { redis, queueName } = stage;
    const report = await runFleet({
      api,
      redis,
      queueName,
      events,
      leaseMs: scale(10_000, 18_000),
      redisAwayMs: scale(3_000, 10_000),
      kills: scale(8, 25),
      batch: true,
    });
    expect(report.lost).toEqual([]);
    expect(report.handedOver).toBe(events);
    // What was sent twice is what a relay had under way in the moment when it was killed, or could not note in Redis.
    const notAtAKill = report.duplicates.filter(({ msToNote = Infinity }) => msToNote > 5_000);
    expect(notAtAKill).toEqual([]);
    expect(report.trouble.filter((line) => !line.includes('Redis takes no events'))).toEqual([]);
    console.info(
      `${report.kills} kills in ${report.seconds.toFixed(0)} s: ${report.handedOver} events handed over, ` +
        `none lost, ${report.duplicates.length} sent twice`,
    );
  });
});
