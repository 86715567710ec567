import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  deferred,
  delivered,
  misconfigured,
  rateLimited,
  rejected,
  stubTransport,
  unavailable,
} from '../../test/stub-transport.js';
import { createTracker, memoryQueue, type Tracker, type TrackerOptions } from '../index.js';
import type { QueuedEvent } from '../queue/queue.js';
import type { SendResult } from '../transport/transport.js';

const quiet = { debug() {}, warn() {}, error() {} };

function track(options: TrackerOptions): Tracker {
  return createTracker({ logger: quiet, flushOnExit: false, ...options });
}

/** Tracks one event a name; `p…` are pageviews. */
function trackAll(tracker: Tracker, ...names: string[]): void {
  for (const contactUid of names) {
    if (contactUid.startsWith('p')) tracker.pageview({ contactUid, visitUrl: 'https://example.com/' });
    else tracker.event('tested', { contactUid });
  }
}

const contactOf = ({ body }: QueuedEvent): string => JSON.parse(body).contact_uid;
const contactsOf = (calls: readonly (readonly [readonly QueuedEvent[], unknown])[]): string[][] =>
  calls.map(([events]) => events.map(contactOf));

/** Checks the account that must hold at every moment. */
function expectBalance(tracker: Tracker): void {
  const { accepted, delivered, queued, inFlight, dropped } = tracker.stats();
  const { invalid, ...others } = dropped;
  const droppedInAll = Object.values(others).reduce((sum, count) => sum + count, 0);
  expect(delivered + queued + inFlight + droppedInAll).toBe(accepted);
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Lets everything happen that needs no time. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('sending', () => {
  it('sends nothing in the turn of the call', async () => {
    const { transport, send } = stubTransport();
    const tracker = track({ transport });
    trackAll(tracker, 'a');
    await Promise.resolve();
    expect(send).not.toHaveBeenCalled();
    await settle();
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('needs no timer where somebody waits, so that `flush` ends in a test that has faked them', async () => {
    const { transport } = stubTransport();
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'p1');
    expect(await tracker.flush()).toEqual({ delivered: 2, pending: 0 });
    expect(await tracker.close()).toEqual({ delivered: 0, pending: 0 });
  });

  it('sends explicit events before pageviews, each kind in order', async () => {
    const { transport, send } = stubTransport();
    const tracker = track({ transport });
    trackAll(tracker, 'p1', 'a', 'p2', 'b');
    await settle();
    expect(contactsOf(send.mock.calls).flat()).toEqual(['a', 'b', 'p1', 'p2']);
  });

  it('has one request in flight until the API is known to answer, and never more than 16', async () => {
    const answers = Array.from({ length: 40 }, () => deferred<SendResult>());
    let next = 0;
    const { transport, send } = stubTransport(() => answers[next++]?.promise ?? delivered);
    const tracker = track({ transport });
    trackAll(tracker, ...Array.from({ length: 40 }, (_, i) => `c${i}`));
    await settle();
    expect(send).toHaveBeenCalledTimes(1);
    for (const inFlight of [2, 4, 8, 16]) {
      for (const answer of answers.slice(0, next)) answer.resolve(delivered);
      await settle();
      expect(tracker.stats().inFlight).toBeLessThanOrEqual(16);
      expect(tracker.stats().inFlight).toBeGreaterThanOrEqual(
        Math.min(inFlight, 40 - tracker.stats().delivered),
      );
    }
  });

  it('keeps the account at every moment', async () => {
    let n = 0;
    const { transport } = stubTransport(() => {
      expectBalance(tracker);
      n++;
      return n % 5 === 0
        ? unavailable(503)
        : n % 7 === 0
          ? rejected(422)
          : n % 11 === 0
            ? rateLimited()
            : delivered;
    });
    const tracker = track({ transport, queue: memoryQueue({ maxEvents: 150 }) });
    trackAll(tracker, ...Array.from({ length: 200 }, (_, i) => `${i % 3 ? 'p' : 'c'}${i}`));
    expectBalance(tracker);
    for (let i = 0; i < 300; i++) {
      await vi.advanceTimersByTimeAsync(1000);
      expectBalance(tracker);
    }
    expect(tracker.stats()).toMatchObject({ accepted: 200, queued: 0, inFlight: 0 });
    expect(tracker.stats().dropped.rejected).toBeGreaterThan(0);
    expect(tracker.stats().dropped.queue_full).toBe(50);
  });
});

describe('an API that is away', () => {
  it('is probed by one request at a time, each with another event, and loses nothing', async () => {
    let isAway = true;
    let inFlight = 0;
    const { transport, send } = stubTransport(async () => {
      expect(++inFlight).toBe(1);
      await Promise.resolve();
      inFlight--;
      return isAway ? unavailable(503) : delivered;
    });
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    while (send.mock.calls.length < 6) await vi.advanceTimersByTimeAsync(100);
    const probes = contactsOf(send.mock.calls).flat();
    expect(new Set(probes).size).toBe(probes.length);
    isAway = false;
    send.mockImplementation(async () => delivered);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tracker.stats()).toMatchObject({ delivered: 8, queued: 0 });
  });

  it('gets what failed first, in order, once it answers again', async () => {
    let isAway = true;
    const { transport, send } = stubTransport(() => (isAway ? unavailable() : delivered));
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'b', 'c', 'd', 'e');
    while (send.mock.calls.length < 3) await vi.advanceTimersByTimeAsync(100);
    isAway = false;
    send.mockClear();
    await vi.advanceTimersByTimeAsync(60_000);
    const [probe, ...rest] = contactsOf(send.mock.calls).flat();
    expect(probe).toBe('d');
    expect(rest).toEqual(['a', 'b', 'c', 'e']);
  });

  it('waits longer and longer between probes, with jitter, up to the longest delay', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { transport, send } = stubTransport(() => unavailable());
    const tracker = track({ transport, retry: { minDelayMs: 100, maxDelayMs: 1000 } });
    trackAll(tracker, 'a');
    await settle();
    const times: number[] = [];
    let last = Date.now();
    for (let i = 0; i < 20; i++) {
      const calls = send.mock.calls.length;
      while (send.mock.calls.length === calls) await vi.advanceTimersByTimeAsync(10);
      times.push(Date.now() - last);
      last = Date.now();
    }
    expect(times.slice(0, 3)).toEqual([100, 200, 400]);
    expect(times.at(-1)).toBe(1000);
  });

  it('is found well within a quarter of the outage', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const start = Date.now();
    const { transport } = stubTransport(() => (Date.now() - start < 10_000 ? unavailable(503) : delivered));
    const tracker = track({ transport });
    trackAll(tracker, 'a');
    await vi.advanceTimersByTimeAsync(12_500);
    expect(tracker.stats().delivered).toBe(1);
  });

  it('is reported once, when the outage begins', async () => {
    const onError = vi.fn();
    const { transport } = stubTransport(() => unavailable(502));
    const tracker = track({ transport, onError });
    trackAll(tracker, 'a', 'b');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(onError).toHaveBeenCalledTimes(1);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'unavailable', status: 502 });
  });

  it('is assumed when a transport rejects or throws', async () => {
    const { transport, send } = stubTransport();
    send.mockRejectedValueOnce(new Error('broken'));
    send.mockImplementationOnce(() => {
      throw new Error('broken');
    });
    const tracker = track({ transport });
    trackAll(tracker, 'a');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tracker.stats()).toMatchObject({ delivered: 1, inFlight: 0 });
  });
});

it.each([undefined, true, 'sent', { status: 'sent' }, { status: 'rejected' }])(
  'a transport that answers %j is taken for one that failed, and what was expected is said',
  async (result) => {
    const onError = vi.fn();
    let isBroken = true;
    const { transport } = stubTransport(() => (isBroken ? (result as never) : delivered));
    const tracker = track({ transport, onError });
    trackAll(tracker, 'a', 'b');
    await settle();
    expectBalance(tracker);
    expect(onError.mock.calls[0]?.[0].message).toMatch(
      /^expected the transport to resolve with a SendResult, got /,
    );
    isBroken = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tracker.stats()).toMatchObject({ accepted: 2, delivered: 2 });
  },
);

describe('a clock that is set back', () => {
  it.each([
    ['an outage', () => unavailable(503)],
    ['a spent budget', () => rateLimited(Date.now() + 2000)],
  ])('does not make %s last longer', async (_, refuse) => {
    let isAway = true;
    const { transport } = stubTransport(() => (isAway ? refuse() : delivered));
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'b');
    await vi.advanceTimersByTimeAsync(1000);
    isAway = false;
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(tracker.stats().pausedUntil).toBeLessThan(Date.now() + 10_000);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tracker.stats()).toMatchObject({ delivered: 2, pausedUntil: null });
  });

  it('does not make a close last longer', async () => {
    const { transport } = stubTransport(() => unavailable());
    const tracker = track({ transport });
    trackAll(tracker, 'a');
    const closed = tracker.close({ timeoutMs: 1000 });
    await vi.advanceTimersByTimeAsync(500);
    vi.setSystemTime(Date.now() - 60_000);
    await vi.advanceTimersByTimeAsync(501);
    expect(await Promise.race([closed, 'still closing'])).toEqual({ delivered: 0, pending: 1 });
  });
});

describe('a budget', () => {
  it('of nothing at all is asked for again after the reset', async () => {
    const start = Date.now();
    const { transport } = stubTransport(() => ({
      status: 'delivered',
      rateLimit: { limit: 0, remaining: 100, resetsAt: start + 1000 },
    }));
    const tracker = track({ transport });
    trackAll(tracker, 'a');
    await vi.advanceTimersByTimeAsync(2000);
    trackAll(tracker, 'b');
    await vi.advanceTimersByTimeAsync(1000);
    expect(tracker.stats()).toMatchObject({ delivered: 2, queued: 0 });
  });

  it('that is spent silences everything until the reset, then goes on with one request', async () => {
    const start = Date.now();
    const { transport, send } = stubTransport(() =>
      Date.now() < start + 30_000 ? rateLimited(start + 30_000) : delivered,
    );
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'b', 'c');
    await vi.advanceTimersByTimeAsync(29_999);
    expect(send).toHaveBeenCalledTimes(1);
    expect(tracker.stats().pausedUntil).toBe(start + 30_000);
    await vi.advanceTimersByTimeAsync(2);
    expect(contactsOf(send.mock.calls).flat()).toEqual(['a', 'a', 'b', 'c']);
    expect(tracker.stats()).toMatchObject({ delivered: 3, pausedUntil: null });
  });

  it('of which nothing is left silences everything too, though the event was delivered', async () => {
    const start = Date.now();
    const { transport, send } = stubTransport(() => ({
      status: 'delivered',
      rateLimit: { limit: 2, remaining: 0, resetsAt: start + 5000 },
    }));
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'b');
    await vi.advanceTimersByTimeAsync(4999);
    expect(send).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('bounds what is in flight by what remains', async () => {
    let remaining = 40;
    let inFlight = 0;
    const tooMany: string[] = [];
    const { transport } = stubTransport(async () => {
      inFlight++;
      if (inFlight > remaining) tooMany.push(`${inFlight} in flight with ${remaining} left`);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inFlight--;
      remaining--;
      return { status: 'delivered', rateLimit: { limit: 40, remaining, resetsAt: Date.now() + 60_000 } };
    });
    const tracker = track({ transport });
    trackAll(tracker, ...Array.from({ length: 60 }, (_, i) => `c${i}`));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tooMany).toEqual([]);
    expect(tracker.stats()).toMatchObject({ delivered: 40, queued: 20 });
  });

  it('that is told by refusals only is met by one refusal a window, not by sixteen', async () => {
    const limit = 50;
    let windowStart = Date.now();
    let used = 0;
    let refusals = 0;
    const { transport } = stubTransport(async () => {
      if (Date.now() >= windowStart + 10_000) {
        windowStart += 10_000;
        used = 0;
      }
      if (used >= limit) {
        refusals++;
        return rateLimited(windowStart + 10_000, limit);
      }
      used++;
      await new Promise((resolve) => setTimeout(resolve, 1));
      return delivered;
    });
    const tracker = track({ transport });
    trackAll(tracker, ...Array.from({ length: 200 }, (_, i) => `c${i}`));
    await vi.advanceTimersByTimeAsync(11_000);
    refusals = 0;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(tracker.stats().delivered).toBe(200);
    expect(refusals).toBeLessThanOrEqual(3);
  });

  it('of which the reset is not told is waited for with growing delays', async () => {
    const { transport, send } = stubTransport(() => ({ status: 'rate_limited' }));
    const tracker = track({ transport });
    trackAll(tracker, ...Array.from({ length: 20 }, (_, i) => `c${i}`));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(send.mock.calls.length).toBeGreaterThan(2);
    expect(send.mock.calls.length).toBeLessThan(20);
    expect(tracker.stats()).toMatchObject({ queued: 20 });
  });
});

describe('a poison event', () => {
  it('is tried ten times on its own account, alone, and then dropped, and blocks nobody', async () => {
    const onDrop = vi.fn();
    const { transport, send } = stubTransport(([event]) =>
      event && contactOf(event) === 'evil' ? unavailable(500) : delivered,
    );
    const tracker = track({ transport, onDrop });
    trackAll(tracker, 'a', 'evil', 'b', 'c');
    await vi.advanceTimersByTimeAsync(1000);
    expect(tracker.stats()).toMatchObject({ delivered: 3, queued: 1 });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(
      contactsOf(send.mock.calls)
        .flat()
        .filter((name) => name === 'evil'),
    ).toHaveLength(10);
    expect(tracker.stats()).toMatchObject({ delivered: 3, queued: 0, dropped: { rejected: 1 } });
    const [event, reason, error] = onDrop.mock.calls[0] ?? [];
    expect(event).toMatchObject({ contactUid: 'evil', eventUid: 'tested' });
    expect(reason).toBe('rejected');
    expect(error).toMatchObject({ code: 'rejected', status: 500 });
  });

  it('that came first holds the others up for one short wait only', async () => {
    const { transport } = stubTransport(([event]) =>
      event && contactOf(event) === 'evil' ? unavailable(500) : delivered,
    );
    const tracker = track({ transport });
    trackAll(tracker, 'evil', ...Array.from({ length: 100 }, (_, i) => `c${i}`));
    await vi.advanceTimersByTimeAsync(501);
    expect(tracker.stats().delivered).toBe(100);
  });

  it('that is all there is does not hold up the next event', async () => {
    const { transport } = stubTransport(([event]) =>
      event && contactOf(event) === 'evil' ? unavailable(500) : delivered,
    );
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'evil');
    await vi.advanceTimersByTimeAsync(600_000);
    trackAll(tracker, 'b');
    await settle();
    expect(tracker.stats()).toMatchObject({ delivered: 2, queued: 1 });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tracker.stats()).toMatchObject({ delivered: 2, queued: 0, dropped: { rejected: 1 } });
  });

  it('is told from an outage: what fails while nothing is accepted keeps its ten attempts', async () => {
    let isAway = true;
    const { transport } = stubTransport(() => (isAway ? unavailable(500) : delivered));
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'b');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(tracker.stats()).toMatchObject({ queued: 2, dropped: { rejected: 0 } });
    isAway = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tracker.stats()).toMatchObject({ delivered: 2 });
  });

  it('that was blamed already keeps its attempts through an outage that a gateway answers', async () => {
    let isAway = false;
    const { transport } = stubTransport(([event]) => {
      if (isAway) return unavailable(503);
      return event && contactOf(event) === 'evil' ? unavailable(500) : delivered;
    });
    const tracker = track({ transport });
    trackAll(tracker, 'evil', 'a', 'b');
    await vi.advanceTimersByTimeAsync(1000);
    isAway = true;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(tracker.stats()).toMatchObject({ delivered: 2, queued: 1, dropped: { rejected: 0 } });
  });

  it.each([30, 240])('in a batch is found by halving, also at the end (place %i)', async (place) => {
    const { transport } = stubTransport((events) =>
      events.some((event) => contactOf(event) === 'evil') ? unavailable(500) : delivered,
    );
    const tracker = track({ transport, batch: true });
    const others = Array.from({ length: 250 }, (_, i) => `c${i}`);
    trackAll(tracker, ...others.slice(0, place), 'evil', ...others.slice(place));
    await vi.advanceTimersByTimeAsync(5000);
    expect(tracker.stats()).toMatchObject({ delivered: 250, queued: 1 });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tracker.stats()).toMatchObject({ delivered: 250, queued: 0, dropped: { rejected: 1 } });
  });
});

describe('failures that are not the fault of events, as a transport may know', () => {
  it('cost none of them their attempts, however many others are delivered', async () => {
    const onDrop = vi.fn();
    let isFailing = true;
    const { transport } = stubTransport(([event]) =>
      isFailing && event && contactOf(event) === 'unlucky'
        ? { ...unavailable(500), areInnocent: true }
        : delivered,
    );
    const tracker = track({ transport, onDrop, retry: { minDelayMs: 1, maxDelayMs: 1 } });
    trackAll(tracker, 'unlucky');
    for (let n = 0; n < 50; n++) {
      trackAll(tracker, `other${n}`);
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(onDrop).not.toHaveBeenCalled();
    isFailing = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(tracker.stats()).toMatchObject({ delivered: 51, queued: 0 });
  });
});

describe('a faulty set-up', () => {
  it.each([401, 403, 404, 405, 406, 302])(
    '(%i) drops nothing, is reported once, and is probed every minute with another event',
    async (status) => {
      const onError = vi.fn();
      const { transport, send } = stubTransport(() => misconfigured(status));
      const tracker = track({ transport, onError });
      trackAll(tracker, 'a', 'b', 'c');
      await vi.advanceTimersByTimeAsync(59_999);
      expect(send).toHaveBeenCalledTimes(1);
      await vi.advanceTimersByTimeAsync(60_001);
      expect(contactsOf(send.mock.calls).flat()).toEqual(['a', 'b', 'c']);
      expect(onError).toHaveBeenCalledTimes(1);
      expect(tracker.stats()).toMatchObject({ queued: 3, inFlight: 0 });
      send.mockImplementation(async () => delivered);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(tracker.stats()).toMatchObject({ delivered: 3, queued: 0 });
    },
  );

  it('is what stats() calls it, too', async () => {
    const onError = vi.fn();
    const tracker = track({ transport: stubTransport(() => rejected(400)).transport, onError });
    trackAll(tracker, 'a');
    await settle();
    expect(tracker.stats().lastError).toBe(onError.mock.calls[0]?.[0]);
  });

  it('is assumed for a 400 while nothing was accepted yet', async () => {
    const onError = vi.fn();
    const onDrop = vi.fn();
    const { transport } = stubTransport(() => rejected(400));
    const tracker = track({ transport, onError, onDrop });
    trackAll(tracker, 'a', 'b');
    await vi.advanceTimersByTimeAsync(300_000);
    expect(onDrop).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledTimes(1);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'misconfigured', status: 400 });
    expect(tracker.stats().queued).toBe(2);
  });
});

describe('a refused event', () => {
  it.each([400, 409, 413, 422])(
    '(%i) is dropped once others were accepted, with the answer',
    async (status) => {
      const onDrop = vi.fn();
      const { transport } = stubTransport(([event]) =>
        event && contactOf(event) === 'bad' ? rejected(status) : delivered,
      );
      const tracker = track({ transport, onDrop });
      trackAll(tracker, 'good', 'bad', 'better');
      await settle();
      expect(tracker.stats()).toMatchObject({ delivered: 2, queued: 0, dropped: { rejected: 1 } });
      expect(onDrop).toHaveBeenCalledTimes(1);
      expect(onDrop.mock.calls[0]?.[2]).toMatchObject({ status, body: 'why' });
    },
  );

  it('never sinks the other 99 of its batch, also when it is the first batch ever', async () => {
    const onDrop = vi.fn();
    const { transport, send } = stubTransport((events) =>
      events.some((event) => contactOf(event) === 'bad') ? rejected(400) : delivered,
    );
    const tracker = track({ transport, batch: true, onDrop });
    trackAll(
      tracker,
      ...Array.from({ length: 60 }, (_, i) => `c${i}`),
      'bad',
      ...Array.from({ length: 39 }, (_, i) => `d${i}`),
    );
    await settle();
    expect(tracker.stats()).toMatchObject({ delivered: 99, dropped: { rejected: 1 }, queued: 0 });
    expect(send.mock.calls.length).toBeLessThan(20);
    expect(onDrop.mock.calls[0]?.[0]).toMatchObject({ contactUid: 'bad' });
  });

  it('with a wrong key in a batch drops nothing', async () => {
    const { transport } = stubTransport(() => rejected(400));
    const tracker = track({ transport, batch: true });
    trackAll(tracker, ...Array.from({ length: 100 }, (_, i) => `c${i}`));
    await vi.advanceTimersByTimeAsync(300_000);
    expect(tracker.stats()).toMatchObject({ queued: 100, dropped: { rejected: 0 } });
  });
});

describe('batches', () => {
  it('go when they are full, or when the first event has waited long enough', async () => {
    const { transport, send } = stubTransport();
    const tracker = track({ transport, batch: { maxEvents: 3, maxWaitMs: 500 } });
    trackAll(tracker, 'a', 'b', 'c', 'd');
    await settle();
    expect(contactsOf(send.mock.calls)).toEqual([['a', 'b', 'c']]);
    expect(send.mock.calls[0]?.[1]).toEqual({ isBatch: true });
    await vi.advanceTimersByTimeAsync(499);
    expect(send).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(contactsOf(send.mock.calls)).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('are as large as the transport wants them, whatever was said of the API', async () => {
    const { transport, send } = stubTransport();
    const tracker = track({
      transport: { ...transport, preferredBatch: { maxEvents: 3, maxWaitMs: 20 } },
      batch: false,
    });
    trackAll(tracker, 'a', 'b', 'c', 'd');
    await settle();
    expect(contactsOf(send.mock.calls)).toEqual([['a', 'b', 'c']]);
    await vi.advanceTimersByTimeAsync(20);
    expect(contactsOf(send.mock.calls)).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('do not wait when somebody flushes', async () => {
    const { transport } = stubTransport();
    const tracker = track({ transport, batch: true });
    trackAll(tracker, 'a');
    const flushed = tracker.flush();
    await settle();
    expect(await flushed).toEqual({ delivered: 1, pending: 0 });
  });

  it('fall back to one event a request where the API does not know them, with one warning', async () => {
    const logger = { ...quiet, warn: vi.fn() };
    const { transport, send } = stubTransport((_, { isBatch }) => (isBatch ? misconfigured(404) : delivered));
    const tracker = track({ transport, logger, batch: { maxEvents: 2 } });
    trackAll(tracker, 'a', 'b', 'c', 'd', 'e');
    await settle();
    expect(contactsOf(send.mock.calls)).toEqual([['a', 'b'], ['a'], ['b'], ['c'], ['d'], ['e']]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(tracker.stats()).toMatchObject({ delivered: 5, dropped: { rejected: 0 } });
  });

  it('that were under way when the API turned out to know none are split into single events', async () => {
    const answers = [deferred<SendResult>(), deferred<SendResult>()];
    let batches = 0;
    const sent: string[] = [];
    const { transport } = stubTransport((events, { isBatch }) => {
      if (isBatch && ++batches > 1) return answers[batches - 2]?.promise ?? misconfigured(404);
      // As over HTTP: without a batch there is one event.
      sent.push(...(isBatch ? events : events.slice(0, 1)).map(contactOf));
      return delivered;
    });
    const tracker = track({ transport, batch: { maxEvents: 10, maxWaitMs: 20 } });
    trackAll(tracker, ...Array.from({ length: 30 }, (_, i) => `c${i}`));
    await vi.advanceTimersByTimeAsync(50);
    expect(tracker.stats()).toMatchObject({ delivered: 10, inFlight: 20 });
    answers[0]?.resolve(misconfigured(404));
    await settle();
    answers[1]?.resolve(rejected(413));
    await vi.advanceTimersByTimeAsync(1000);
    expect(tracker.stats()).toMatchObject({ delivered: 30, queued: 0, inFlight: 0 });
    expect(new Set(sent).size).toBe(30);
  });

  it('are not given up when it is the whole API that is not found', async () => {
    let isFound = false;
    const { transport, send } = stubTransport(() => (isFound ? delivered : misconfigured(404)));
    const tracker = track({ transport, batch: true });
    trackAll(tracker, 'a', 'b');
    await vi.advanceTimersByTimeAsync(2000);
    isFound = true;
    send.mockClear();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(tracker.stats().delivered).toBe(2);
    expect(send.mock.calls.every(([, { isBatch }]) => isBatch)).toBe(true);
  });
});

describe('flush', () => {
  it('waits for everything accepted before the call, in flight included, and for nothing later', async () => {
    const answers = [deferred<SendResult>(), deferred<SendResult>()];
    let next = 0;
    const { transport } = stubTransport(() => answers[next++]?.promise ?? delivered);
    const tracker = track({ transport });
    trackAll(tracker, 'a');
    await settle();
    const flushed = tracker.flush();
    trackAll(tracker, 'b');
    await settle();
    answers[0]?.resolve(delivered);
    await settle();
    expect(await flushed).toEqual({ delivered: 1, pending: 0 });
    expect(tracker.stats()).toMatchObject({ delivered: 1, inFlight: 1 });
  });

  it('is not fooled by later events that overtake', async () => {
    const first = deferred<SendResult>();
    const { transport } = stubTransport(([event]) =>
      event && contactOf(event) === 'slow' ? first.promise : delivered,
    );
    const tracker = track({ transport });
    trackAll(tracker, 'warm', 'up', 'the', 'gate', 'slow');
    await settle();
    let isFlushed = false;
    void tracker.flush().then(() => {
      isFlushed = true;
    });
    trackAll(tracker, 'later', 'and', 'later');
    await settle();
    expect(tracker.stats().delivered).toBe(7);
    expect(isFlushed).toBe(false);
    first.resolve(delivered);
    await settle();
    expect(isFlushed).toBe(true);
  });

  it('gives up after its time and says what is pending', async () => {
    const { transport } = stubTransport(() => unavailable());
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'b');
    const flushed = tracker.flush({ timeoutMs: 3000 });
    await vi.advanceTimersByTimeAsync(3000);
    expect(await flushed).toEqual({ delivered: 0, pending: 2 });
  });

  it('is done at once when there is nothing to do', async () => {
    vi.useRealTimers();
    expect(await track({ transport: stubTransport().transport }).flush()).toEqual({
      delivered: 0,
      pending: 0,
    });
  });

  it('counts a drop as done', async () => {
    const { transport } = stubTransport(([event]) =>
      event && contactOf(event) === 'bad' ? rejected(422) : delivered,
    );
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'bad');
    const flushed = tracker.flush();
    await settle();
    expect(await flushed).toEqual({ delivered: 1, pending: 0 });
  });
});

describe('close', () => {
  it('delivers, then stops for good; twice is once', async () => {
    const { transport, send } = stubTransport();
    const tracker = track({ transport });
    trackAll(tracker, 'a', 'b');
    const closed = tracker.close();
    expect(tracker.close()).toBe(closed);
    await settle();
    expect(await closed).toEqual({ delivered: 2, pending: 0 });
    trackAll(tracker, 'late');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(send).toHaveBeenCalledTimes(2);
    expect(tracker.stats()).toMatchObject({ accepted: 3, dropped: { closed: 1 } });
    expectBalance(tracker);
  });

  it('delivers what is accepted while it closes', async () => {
    const answer = deferred<SendResult>();
    const { transport } = stubTransport(([event]) =>
      event && contactOf(event) === 'slow' ? answer.promise : delivered,
    );
    const tracker = track({ transport });
    trackAll(tracker, 'slow');
    const closed = tracker.close();
    await settle();
    trackAll(tracker, 'meanwhile');
    answer.resolve(delivered);
    await settle();
    expect(await closed).toEqual({ delivered: 2, pending: 0 });
  });

  it('tries an API that was away once more, at once', async () => {
    let isAway = true;
    const { transport } = stubTransport(() => (isAway ? unavailable() : delivered));
    const tracker = track({ transport, retry: { minDelayMs: 60_000 } });
    trackAll(tracker, 'a', 'b');
    await settle();
    isAway = false;
    const closed = tracker.close();
    await settle();
    expect(await closed).toEqual({ delivered: 2, pending: 0 });
  });

  it('drops what it could not deliver, and says so', async () => {
    const onDrop = vi.fn();
    const hangs = deferred<SendResult>();
    const { transport } = stubTransport(() => hangs.promise);
    const tracker = track({ transport, onDrop });
    trackAll(tracker, 'in flight', 'p waiting', 'waiting');
    const closed = tracker.close({ timeoutMs: 1000 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(await closed).toEqual({ delivered: 0, pending: 3 });
    expect(onDrop).toHaveBeenCalledTimes(2);
    expect(tracker.stats()).toMatchObject({ inFlight: 1, queued: 0, dropped: { closed: 2 } });
    hangs.resolve(unavailable());
    await settle();
    expect(tracker.stats()).toMatchObject({ inFlight: 0, dropped: { closed: 3 } });
    expectBalance(tracker);
  });
});

it.each([
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken'))],
])('a transport whose close %s does not keep the tracker from closing', async (_, close) => {
  const onError = vi.fn();
  const tracker = track({ transport: { ...stubTransport().transport, close: close as () => void }, onError });
  expect(await tracker.close()).toEqual({ delivered: 0, pending: 0 });
  await settle();
  expect(onError.mock.calls[0]?.[0].message).toMatch(/^the transport failed with Error/);
});

it('a flush does not wait for what a closed tracker has left to its queue', async () => {
  const { transport } = stubTransport(() => unavailable());
  const queue = memoryQueue();
  // As one does that outlives the process.
  vi.spyOn(queue, 'close').mockReturnValue([]);
  const tracker = track({ transport, queue });
  trackAll(tracker, 'a');
  const early = tracker.flush({ timeoutMs: 60_000 });
  const late = tracker.close({ timeoutMs: 0 }).then(() => tracker.flush({ timeoutMs: 60_000 }));
  const ended = vi.fn();
  void Promise.all([early, late]).then(ended);
  await vi.advanceTimersByTimeAsync(1000);
  const pending = { delivered: 0, pending: 1 };
  expect(ended).toHaveBeenCalledWith([pending, pending]);
});

it('a queue is one tracker’s alone, also when that is closed', async () => {
  const queue = memoryQueue();
  const { transport } = stubTransport();
  const tracker = track({ transport, queue });
  const refusal = expect.objectContaining({
    code: 'invalid_options',
    message: 'queue: expected one that no tracker has used yet, got one that belongs to another',
  });
  expect(() => track({ transport, queue })).toThrow(refusal);
  await tracker.close();
  expect(() => track({ transport, queue })).toThrow(refusal);
});

it('a wait beyond what a timer can is as long as a timer can', async () => {
  const tracker = track({ transport: stubTransport(() => unavailable()).transport });
  trackAll(tracker, 'a');
  for (const timeoutMs of [2 ** 31, 1e12, Number.POSITIVE_INFINITY]) {
    const flushed = tracker.flush({ timeoutMs });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await Promise.race([flushed, 'still waiting'])).toBe('still waiting');
  }
});

describe('a full queue', () => {
  it('lets the oldest pageview make room, and refuses a new event when there is none', async () => {
    const onDrop = vi.fn();
    const { transport } = stubTransport();
    const tracker = track({ transport, onDrop, queue: memoryQueue({ maxEvents: 3 }) });
    trackAll(tracker, 'p1', 'p2', 'a', 'b', 'c', 'd', 'p3');
    expect(onDrop.mock.calls.map(([event, reason]) => [event.contactUid, reason])).toEqual([
      ['p1', 'queue_full'],
      ['p2', 'queue_full'],
      ['d', 'queue_full'],
      ['p3', 'queue_full'],
    ]);
    expect(tracker.stats()).toMatchObject({ accepted: 7, queued: 3, dropped: { queue_full: 4 } });
    await settle();
    expect(tracker.stats()).toMatchObject({ delivered: 3, queued: 0 });
  });
});

describe('a queue that fails', () => {
  it('to take an event is reported, and the event is accounted for', () => {
    const onError = vi.fn();
    const onDrop = vi.fn();
    const queue = memoryQueue();
    vi.spyOn(queue, 'push').mockImplementation(() => {
      throw new Error('broken');
    });
    const tracker = track({ transport: stubTransport().transport, queue, onError, onDrop });
    trackAll(tracker, 'a');
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'callback_failed', cause: new Error('broken') });
    expect(onDrop.mock.calls[0]?.[1]).toBe('queue_full');
    expect(tracker.stats()).toMatchObject({ accepted: 1, dropped: { queue_full: 1, invalid: 0 } });
    expectBalance(tracker);
  });

  it('is reported and breaks nothing', async () => {
    const onError = vi.fn();
    const queue = memoryQueue();
    vi.spyOn(queue, 'lease').mockImplementationOnce(() => {
      throw new Error('disk');
    });
    const tracker = track({ transport: stubTransport().transport, queue, onError });
    trackAll(tracker, 'a');
    await settle();
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'callback_failed' });
    trackAll(tracker, 'b');
    await settle();
    expect(tracker.stats().delivered).toBe(2);
  });
});

describe('a full queue while the budget is spent', () => {
  it('costs no look at the events, no error each, and no turn of the event loop', async () => {
    const { transport } = stubTransport(() => rateLimited(Date.now() + 60_000));
    const tracker = track({ transport, queue: memoryQueue({ maxEvents: 10 }) });
    trackAll(tracker, ...Array.from({ length: 10 }, (_, i) => `p${i}`));
    await settle();
    trackAll(tracker, 'p10');
    const parse = vi.spyOn(JSON, 'parse');
    const setImmediate = vi.spyOn(globalThis, 'setImmediate');
    trackAll(tracker, ...Array.from({ length: 100 }, (_, i) => `p${11 + i}`));
    expect(tracker.stats().dropped.queue_full).toBe(101);
    expect(parse).not.toHaveBeenCalled();
    expect(setImmediate).not.toHaveBeenCalled();
  });

  it('is sent from the end of the pause on, in order', async () => {
    let isSpent = true;
    const { transport, send } = stubTransport(() => (isSpent ? rateLimited(Date.now() + 60_000) : delivered));
    const tracker = track({ transport, queue: memoryQueue({ maxEvents: 3 }) });
    trackAll(tracker, 'p1');
    await settle();
    trackAll(tracker, 'p2', 'p3', 'p4', 'p5');
    isSpent = false;
    send.mockClear();
    await vi.advanceTimersByTimeAsync(60_001);
    expect(contactsOf(send.mock.calls).flat()).toEqual(['p3', 'p4', 'p5']);
  });
});
