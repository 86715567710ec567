import type { BrowserSide } from './browser-side.js';

/** The class by which a `tracking(…)` counts what browsers report. */
export type BrowserSideClass = typeof BrowserSide;

// On the global object, for the copies of this package (ESM, CommonJS, bundles).
const key = Symbol.for('@successeve/core/browser-side');
const shared = globalThis as { [key]?: BrowserSideClass };

/** Lets every `tracking(…)` with the option `browser` count what browsers report. */
export function mountBrowserSide(side: BrowserSideClass): void {
  shared[key] = side;
}

/** @returns `undefined` where nothing takes reports. */
export function mountedBrowserSide(): BrowserSideClass | undefined {
  return shared[key];
}
