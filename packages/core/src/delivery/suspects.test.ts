import { describe, expect, it, vi } from 'vitest';
import { contactOf, contactsOf, settle, track, trackAll, useFakeTime } from '../../test/sending.js';
import { delivered, stubTransport, unavailable } from '../../test/stub-transport.js';

useFakeTime();

describe('a poison event', () => {
  it('is tried ten times, alone, then dropped, and blocks no other event', async () => {
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

  it('is distinguished from an outage: what fails while nothing is accepted keeps its ten attempts', async () => {
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
