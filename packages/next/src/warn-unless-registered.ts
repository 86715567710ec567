import { shared } from './shared.js';

/** Requests can arrive before Next has called `register()`; no start takes that long. */
const patienceMs = 10_000;

/** Warns, once, where something is tracked and `registerTracking` is not called soon: its file may not be found. */
export function warnUnlessRegistered(): void {
  // Next calls no `register()` while it builds, and on the edge nothing is registered.
  const { NEXT_PHASE, NEXT_RUNTIME } = process.env;
  if (shared.isAwaited || NEXT_PHASE === 'phase-production-build' || NEXT_RUNTIME === 'edge') return;
  shared.isAwaited = true;
  const timer = setTimeout(() => {
    if (shared.registration) return;
    console.warn(
      '[successeve] track() was called, but registerTracking() never was, so nothing is tracked. Call it in register() ' +
        'of instrumentation.ts, which Next finds next to app or pages, or in src.',
    );
  }, patienceMs);
  // In Node alone; it holds up no process that ends.
  timer.unref?.();
}
