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
  const throttled = throttle(call, 50);
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
  const throttled = throttle(call, 50);
  throttled();
  throttled.flush();
  throttled.flush();
  expect(call).toHaveBeenCalledTimes(1);
});

it('never runs in the turn of a call, nor once it is cancelled', () => {
  const call = vi.fn();
  const throttled = throttle(call, 50);
  vi.advanceTimersByTime(1000);
  throttled();
  expect(call).not.toHaveBeenCalled();
  throttled.cancel();
  vi.advanceTimersByTime(1000);
  throttled.flush();
  expect(call).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
