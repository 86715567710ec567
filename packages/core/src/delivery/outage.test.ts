import { describe, expect, it, vi } from 'vitest';
import { contactsOf, expectBalance, settle, track, trackAll, useFakeTime } from '../../test/sending.js';
import {
  delivered,
  misconfigured,
  rateLimited,
  rejected,
  stubTransport,
  unavailable,
} from '../../test/stub-transport.js';

useFakeTime();

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
    // With less, two probes could go in one step.
    vi.spyOn(Math, 'random').mockReturnValue(1);
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
  'a transport that resolves with %j counts as failed, and onError says what was expected',
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
  ])('does not make %s last longer', async (_, fail) => {
    let isAway = true;
    const { transport } = stubTransport(() => (isAway ? fail() : delivered));
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
