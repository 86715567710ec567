import { describe, expect, it } from 'vitest';
import { Deque } from './deque.js';
import { memoryQueue } from './memory-queue.js';
import type { QueuedEvent } from './queue.js';

let lastId = 0;
const event = (kind: QueuedEvent['kind'], bytes = 10): QueuedEvent => ({
  id: ++lastId,
  kind,
  body: '{}',
  bytes,
  occurredAt: 0,
});

describe('the memory queue', () => {
  it('leases explicit events before pageviews, each kind in order', () => {
    const queue = memoryQueue();
    const [p1, e1, p2, e2] = [event('pageview'), event('event'), event('pageview'), event('event')];
    for (const each of [p1, e1, p2, e2]) queue.push(each);
    expect(queue.lease(3)).toEqual([e1, e2, p1]);
    expect(queue.length).toBe(1);
    expect(queue.lease(3)).toEqual([p2]);
    expect(queue.lease(3)).toEqual([]);
  });

  it('puts released events back where they were', () => {
    const queue = memoryQueue();
    const events = Array.from({ length: 6 }, (_, i) => event(i % 2 ? 'pageview' : 'event'));
    for (const each of events) queue.push(each);
    const leased = queue.lease(5);
    queue.release(leased.slice(3));
    queue.release([leased[2], leased[0], leased[1]] as QueuedEvent[]);
    expect(queue.lease(6).map(({ id }) => id)).toEqual([0, 2, 4, 1, 3, 5].map((i) => events[i]?.id));
  });

  it('counts leased events as held until they are settled', () => {
    const queue = memoryQueue({ maxEvents: 2 });
    queue.push(event('event'));
    queue.push(event('event'));
    const leased = queue.lease(2);
    const late = event('event');
    expect(queue.push(late)).toEqual([late]);
    queue.settle(leased);
    expect(queue.push(late)).toEqual([]);
  });

  it('is bounded by bytes: as many of the oldest pageviews make room as are needed', () => {
    const queue = memoryQueue({ maxBytes: 100 });
    const pageviews = Array.from({ length: 5 }, () => event('pageview', 20));
    for (const each of pageviews) queue.push(each);
    expect(queue.push(event('event', 50))).toEqual(pageviews.slice(0, 3));
    expect(queue.length).toBe(3);
  });

  it('sheds nothing for an event that would not fit all the same', () => {
    const queue = memoryQueue({ maxBytes: 100 });
    queue.push(event('event', 60));
    queue.push(event('pageview', 20));
    const large = event('event', 50);
    expect(queue.push(large)).toEqual([large]);
    expect(queue.length).toBe(2);
  });

  it('does not shed a pageview that is being sent', () => {
    const queue = memoryQueue({ maxEvents: 1 });
    queue.push(event('pageview'));
    queue.lease(1);
    const late = event('pageview');
    expect(queue.push(late)).toEqual([late]);
  });
});

describe('the deque', () => {
  it('does what an array does, for any mixture of operations', () => {
    const deque = new Deque<number>();
    const array: number[] = [];
    // A fixed linear congruential sequence: the same mixture in every run.
    let seed = 1;
    const random = (): number => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    for (let i = 0; i < 200_000; i++) {
      const bias = Math.sin(i / 20_000);
      const choice = random() + bias * 0.3;
      if (choice > 0.6) {
        deque.push(i);
        array.push(i);
      } else if (choice > 0.5) {
        deque.unshift(i);
        array.unshift(i);
      } else expect(deque.shift()).toBe(array.shift());
      if (deque.length !== array.length) expect(deque.length).toBe(array.length);
    }
    while (array.length > 0) expect(deque.shift()).toBe(array.shift());
    expect(deque.shift()).toBeUndefined();
  });
});
