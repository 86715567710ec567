import type { QueuedEvent } from '@successeve/core/queue';
import { describeQueue } from '@successeve/testing/queue-contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Line } from '../read/line.js';
import { LineQueue } from './line-queue.js';

afterEach(() => {
  vi.useRealTimers();
});

const lineAt = (lines: number): Line => {
  const position = { offset: lines * 10, lines, rows: lines };
  const content = { type: 'record', record: {}, json: '{}' } as const;
  return { start: position, end: { ...position, lines: lines + 1 }, content };
};

const event = (id: number, kind: QueuedEvent['kind'] = 'event'): QueuedEvent => ({
  id,
  kind,
  body: '{}',
  bytes: 2,
  occurredAt: Date.now(),
});

function fill(queue: LineQueue, count: number): Line[] {
  return Array.from({ length: count }, (_, index) => {
    const line = lineAt(index);
    queue.add(line, new Date(), () => queue.push(event(index + 1, index % 2 ? 'pageview' : 'event')));
    return line;
  });
}

const ids = (events: readonly QueuedEvent[]): number[] => events.map(({ id }) => id);

describeQueue('the queue of an import', {
  create: () => new LineQueue(() => {}),
  // Its events come with the lines of the file.
  async fill(queue, events) {
    for (const event of events) {
      const push = (): void => void queue.push(event);
      (queue as LineQueue).add(lineAt(event.id), new Date(event.occurredAt), push);
    }
  },
  keepsArrivalOrder: true,
});

describe('the queue of an import', () => {
  it('hands lines out in the order of the file, and those that come back before the others', () => {
    const queue = new LineQueue(() => {});
    fill(queue, 6);
    const leased = queue.lease(3);
    expect(ids(leased)).toEqual([1, 2, 3]);
    queue.release([leased[2] as QueuedEvent, leased[0] as QueuedEvent]);
    expect(queue.length).toBe(5);
    expect(ids(queue.lease(10))).toEqual([1, 3, 4, 5, 6]);
  });

  it('reports which lines are settled, all of a request at once', () => {
    const onSettled = vi.fn();
    const queue = new LineQueue(onSettled);
    const lines = fill(queue, 3);
    queue.settle(queue.lease(2));
    expect(onSettled.mock.calls).toEqual([[lines.slice(0, 2), undefined]]);
  });

  it('hands out nothing any more once it is stopped, and loses nothing by it', () => {
    const queue = new LineQueue(() => {});
    fill(queue, 3);
    const leased = queue.lease(1);
    queue.stop();
    queue.release(leased);
    expect(queue.lease(10)).toEqual([]);
    expect(queue.length).toBe(0);
    expect(queue.close()).toEqual([]);
  });

  it('gives a line without a time that of its request, and leaves other times', () => {
    vi.useFakeTimers();
    const now = Date.now();
    const queue = new LineQueue(() => {});
    for (const occurredAt of [undefined, new Date(now - 5000)]) {
      queue.add(lineAt(0), occurredAt, () => queue.push(event(1)));
    }
    vi.advanceTimersByTime(120_000);
    expect(queue.lease(2).map(({ occurredAt }) => occurredAt - now)).toEqual([120_000, -5000]);
  });
});
