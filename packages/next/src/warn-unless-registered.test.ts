import { createTracker } from '@successeve/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const sharedKey = Symbol.for('@successeve/next');

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  Reflect.deleteProperty(globalThis, sharedKey);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const warnings = (): readonly unknown[] => vi.mocked(console.warn).mock.calls;

it('warns once where track() is called and registerTracking() never is', async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  const { track } = await import('./index.js');
  track().event('tested');
  track().event('tested');
  await vi.advanceTimersByTimeAsync(60_000);
  track().event('tested');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(warnings()).toEqual([[expect.stringContaining('registerTracking() never was')]]);
});

it('does not where it is called somewhat later', async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  const { registerTracking, track } = await import('./index.js');
  track().event('tested');
  await vi.advanceTimersByTimeAsync(2_000);
  registerTracking(createTracker({ enabled: false }), { identify: () => null });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(warnings()).toEqual([]);
});

it.each([
  ['NEXT_PHASE', 'phase-production-build'],
  ['NEXT_RUNTIME', 'edge'],
])('does not where nothing is registered: %s=%s', async (name, value) => {
  vi.spyOn(console, 'warn').mockReturnValue();
  vi.stubEnv(name, value);
  const { track } = await import('./index.js');
  track().event('tested');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(warnings()).toEqual([]);
});
