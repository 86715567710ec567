import { scale } from '@successeve/test-scale';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeApi, startFakeApi } from '../../test/fake-api.js';
import { createTracker, type Tracker, type TrackerOptions } from '../index.js';

// What the product promises, as a whole, over real HTTP.

let api: FakeApi;
let tracker: Tracker | undefined;

beforeEach(async () => {
  api = await startFakeApi();
});

afterEach(async () => {
  await tracker?.close({ timeoutMs: 0 });
  await api.close();
});

function connect(options: TrackerOptions = {}): Tracker {
  tracker = createTracker({
    apiToken: api.token,
    apiUrl: api.url,
    flushOnExit: false,
    onDrop() {},
    onError() {},
    ...options,
  });
  return tracker;
}

const contacts = (): (string | undefined)[] => api.events.map((event) => event.contact_uid);

describe('through an outage', () => {
  const seconds = scale(4, 10);
  it(`of ${seconds} seconds of 503, recovery is found within 3 s, and 1 000 of 1 000 events are delivered once`, {
    timeout: 30_000,
  }, async () => {
    const outageEnds = Date.now() + seconds * 1000;
    api.reply(() => (Date.now() < outageEnds ? 503 : undefined));
    const tracker = connect();
    for (let i = 0; i < 1000; i++) tracker.event('x', { contactUid: i });
    expect(await tracker.flush({ timeoutMs: 25_000 })).toEqual({ delivered: 1000, pending: 0 });
    // How long a thousand requests take after that is the machine's business.
    const found = api.requests.find(({ status }) => status === 200)?.receivedAt ?? Number.NaN;
    expect(found - outageEnds).toBeLessThan(3000);
    expect(new Set(contacts()).size).toBe(1000);
    expect(contacts()).toHaveLength(1000);
    expect(api.requests.filter(({ status }) => status === 503).length).toBeLessThan(30);
  });

  it('while the API accepts no connections, nothing is lost, and everything is delivered once it is back', async () => {
    const { url, token } = api;
    const port = Number(new URL(url).port);
    await api.close();
    const tracker = connect({ apiUrl: url, apiToken: token, retry: { minDelayMs: 10, maxDelayMs: 50 } });
    for (let i = 0; i < 100; i++) tracker.event('x', { contactUid: i });
    await expect.poll(() => tracker.stats().lastError?.message).toMatch(/ECONNREFUSED/);
    api = await startFakeApi({ port, token });
    expect(await tracker.flush()).toEqual({ delivered: 100, pending: 0 });
    expect(contacts()).toHaveLength(100);
  });

  it('of changing faults, nothing is lost and the account is right', { timeout: 20_000 }, async () => {
    const faults = [503, 'reset', 429, 500, { status: 200, body: 'garbage' }, 'hang', 502] as const;
    let n = 0;
    api.reply(() => (++n % 10 < 3 ? faults[n % faults.length] : undefined));
    const tracker = connect({ timeoutMs: 100, retry: { minDelayMs: 1, maxDelayMs: 20 } });
    for (let i = 0; i < 500; i++) tracker.event('x', { contactUid: i });
    expect(await tracker.flush({ timeoutMs: 15_000 })).toEqual({ delivered: 500, pending: 0 });
    expect(new Set(contacts()).size).toBe(500);
    expect(tracker.stats()).toMatchObject({ accepted: 500, delivered: 500, queued: 0, inFlight: 0 });
  });
});

describe('100 000 events while the API hangs', () => {
  it('are all held, in at most 16 sockets, and all delivered once it answers', {
    timeout: 60_000,
  }, async () => {
    api.reply(() => 'hang');
    const tracker = connect({ batch: true, timeoutMs: 2000, retry: { minDelayMs: 10, maxDelayMs: 100 } });
    for (let i = 0; i < 100_000; i++) tracker.event('x', { contactUid: i });
    await expect.poll(() => tracker.stats().inFlight).toBeGreaterThan(0);
    const { queued, inFlight } = tracker.stats();
    expect(queued + inFlight).toBe(100_000);
    expect(api.sockets.most).toBeLessThanOrEqual(16);
    api.reply([]);
    expect(await tracker.flush({ timeoutMs: 50_000 })).toEqual({ delivered: 100_000, pending: 0 });
    expect(new Set(contacts()).size).toBe(100_000);
  });
});
