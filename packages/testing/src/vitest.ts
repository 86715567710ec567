import { expect } from 'vitest';
import type { TrackingMatchers } from './matchers/expected.js';
import { matchers } from './matchers/index.js';

declare global {
  // Under the assertions of every vitest; the interfaces for extensions differ from major to major.
  namespace Chai {
    interface Assertion extends TrackingMatchers<void> {}
  }
}

expect.extend(matchers);

export type { AsymmetricMatcher, EventName, ExpectedDetails, TrackingMatchers } from './matchers/expected.js';
