import { describe, expect, it, vi } from 'vitest';
import {
  contactOf,
  contactsOf,
  expectBalance,
  settle,
  track,
  trackAll,
  useFakeTime,
} from '../../test/sending.js';
import {
  deferred,
  delivered,
  misconfigured,
  rateLimited,
  rejected,
  stubTransport,
  unavailable,
} from '../../test/stub-transport.js';
import { memoryQueue } from '../index.js';
import type { SendResult } from '../transport/transport.js';

useFakeTime();

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

  it('needs no timer while `flush` waits, so that it ends in a test that fakes timers', async () => {
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

describe('a rejected event', () => {
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

  it('are as large as the transport wants them, not as the `batch` option says', async () => {
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

  it('do not wait during a flush', async () => {
    const { transport } = stubTransport();
    const tracker = track({ transport, batch: true });
    trackAll(tracker, 'a');
    const flushed = tracker.flush();
    await settle();
    expect(await flushed).toEqual({ delivered: 1, pending: 0 });
  });

  it('fall back to one event a request where the API does not know them, with one warning', async () => {
    const logger = { debug() {}, error() {}, warn: vi.fn() };
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
