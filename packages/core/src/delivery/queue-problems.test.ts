import { describe, expect, it, vi } from 'vitest';
import { contactsOf, expectBalance, settle, track, trackAll, useFakeTime } from '../../test/sending.js';
import { delivered, rateLimited, stubTransport } from '../../test/stub-transport.js';
import { memoryQueue } from '../index.js';

useFakeTime();

describe('a full queue', () => {
  it('drops the oldest pageview, or the new event where there is none', async () => {
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

it('a queue is one tracker’s alone, also when that is closed', async () => {
  const queue = memoryQueue();
  const { transport } = stubTransport();
  const tracker = track({ transport, queue });
  const rejection = expect.objectContaining({
    code: 'invalid_options',
    message: 'queue: expected one that no tracker has used yet, got one that belongs to another',
  });
  expect(() => track({ transport, queue })).toThrow(rejection);
  await tracker.close();
  expect(() => track({ transport, queue })).toThrow(rejection);
});
