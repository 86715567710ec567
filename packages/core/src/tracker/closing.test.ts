import { describe, expect, it, vi } from 'vitest';
import { contactOf, expectBalance, settle, track, trackAll, useFakeTime } from '../../test/sending.js';
import { deferred, delivered, rejected, stubTransport, unavailable } from '../../test/stub-transport.js';
import { memoryQueue } from '../index.js';
import type { SendResult } from '../transport/transport.js';

useFakeTime();

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

it('a wait beyond what a timer can is as long as a timer can', async () => {
  const tracker = track({ transport: stubTransport(() => unavailable()).transport });
  trackAll(tracker, 'a');
  for (const timeoutMs of [2 ** 31, 1e12, Number.POSITIVE_INFINITY]) {
    const flushed = tracker.flush({ timeoutMs });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await Promise.race([flushed, 'still waiting'])).toBe('still waiting');
  }
});
