import { afterEach, expect, it, vi } from 'vitest';
import { type BudgetSubject, describeBudget } from '../../test/budget-cases.js';
import { Gate } from './gate.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describeBudget('the gate of one tracker', (): BudgetSubject => {
  const gate = new Gate({ minDelayMs: 500, maxDelayMs: 60_000 });
  const underWay: number[] = [];
  let now = 1_800_000_000_000;
  return {
    take() {
      const isGranted = gate.admits(underWay.length, now);
      if (isGranted) underWay.push(gate.generation);
      return isGranted;
    },
    answer({ status, limit, remaining, resetsInMs }) {
      const generation = underWay.shift() ?? Number.NaN;
      const resetsAt = resetsInMs === undefined ? undefined : now + resetsInMs;
      const isReported = limit !== undefined || remaining !== undefined || resetsAt !== undefined;
      gate.learn(isReported ? { limit, remaining, resetsAt } : undefined, now);
      if (status === 'delivered') gate.delivered(now);
      else if (status === 'rate_limited') gate.rateLimited(generation, now);
      else gate[status](generation, now);
    },
    pass(ms) {
      now += ms;
    },
  };
});

it('sixteen failures of one moment are one failure, and wait no longer than one', () => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
  const gate = new Gate({ minDelayMs: 100, maxDelayMs: 60_000 });
  const { generation } = gate;
  const news = Array.from({ length: 16 }, () => gate.unavailable(generation, 0));
  expect(news.filter(Boolean)).toHaveLength(1);
  expect(gate.pausedUntil(0)).toBe(100);
});
