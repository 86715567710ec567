import { registerTracking } from '@successeve/next';

export function register() {
  // The server that is measured makes the tracker, if there is to be one.
  const { benchmarkedTracker } = globalThis;
  if (!benchmarkedTracker) return;
  registerTracking(benchmarkedTracker, {
    identify: () => ({ contactUid: 'contact-1', accountUid: 'account-1' }),
  });
}
