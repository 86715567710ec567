import { afterEach, expect, it, vi } from 'vitest';
import { Gate } from './gate.js';

afterEach(() => {
  vi.restoreAllMocks();
});

it('sixteen failures of one moment are one failure, and wait no longer than one', () => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
  const gate = new Gate({ minDelayMs: 100, maxDelayMs: 60_000 });
  const { generation } = gate;
  const news = Array.from({ length: 16 }, () => gate.unavailable(generation, 0));
  expect(news.filter(Boolean)).toHaveLength(1);
  expect(gate.pausedUntil(0)).toBe(100);
});
