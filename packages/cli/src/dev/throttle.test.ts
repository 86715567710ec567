import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { throttle } from './throttle.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('runs at once after a pause, and once in a period however often it is called', () => {
  const call = vi.fn();
  const throttled = throttle(50, call);
  throttled();
  vi.advanceTimersByTime(0);
  expect(call).toHaveBeenCalledTimes(1);
  for (let calls = 0; calls < 3; calls++) throttled();
  vi.advanceTimersByTime(49);
  expect(call).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(call).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1000);
  expect(call).toHaveBeenCalledTimes(2);
  throttled();
  vi.advanceTimersByTime(0);
  expect(call).toHaveBeenCalledTimes(3);
});

it('runs what is due at once where that is asked for', () => {
  const call = vi.fn();
  const throttled = throttle(50, call);
  throttled();
  throttled.flush();
  throttled.flush();
  expect(call).toHaveBeenCalledTimes(1);
});
