import { describe, expect, it, vi } from 'vitest';
import { contactsOf, track, trackAll, useFakeTime } from '../../test/sending.js';
import { delivered, rateLimited, stubTransport } from '../../test/stub-transport.js';

useFakeTime();

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

  it('that only a 429 reports costs one 429 a window, not sixteen', async () => {
    const limit = 50;
    let windowStart = Date.now();
    let used = 0;
    let rejections = 0;
    const { transport } = stubTransport(async () => {
      if (Date.now() >= windowStart + 10_000) {
        windowStart += 10_000;
        used = 0;
      }
      if (used >= limit) {
        rejections++;
        return rateLimited(windowStart + 10_000, limit);
      }
      used++;
      await new Promise((resolve) => setTimeout(resolve, 1));
      return delivered;
    });
    const tracker = track({ transport });
    trackAll(tracker, ...Array.from({ length: 200 }, (_, i) => `c${i}`));
    await vi.advanceTimersByTimeAsync(11_000);
    rejections = 0;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(tracker.stats().delivered).toBe(200);
    expect(rejections).toBeLessThanOrEqual(3);
  });

  it('whose reset is not reported is waited for with growing delays', async () => {
    const { transport, send } = stubTransport(() => ({ status: 'rate_limited' }));
    const tracker = track({ transport });
    trackAll(tracker, ...Array.from({ length: 20 }, (_, i) => `c${i}`));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(send.mock.calls.length).toBeGreaterThan(2);
    expect(send.mock.calls.length).toBeLessThan(20);
    expect(tracker.stats()).toMatchObject({ queued: 20 });
  });
});
