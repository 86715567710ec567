import { expect } from '@jest/globals';
import type { TrackingMatchers } from './matchers/expected.js';
import { matchers } from './matchers/index.js';

// `expect` from `@jest/globals`.
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends TrackingMatchers<R> {}
}

// The global `expect`, from `@types/jest`.
declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: it has to be declared as `@types/jest` declares it.
    interface Matchers<R, T = {}> extends TrackingMatchers<R> {}
  }
}

expect.extend(matchers);

export type { AsymmetricMatcher, EventName, ExpectedDetails, TrackingMatchers } from './matchers/expected.js';
