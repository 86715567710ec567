import type { BrowserKit } from './browser-kit.js';

// On the global object, for the copies of this package (ESM, CommonJS, bundles).
const key = Symbol.for('@successeve/core/browser-kit');
const shared = globalThis as { [key]?: BrowserKit };

/** Lets every `tracking(…)` with the option `browser` count what browsers report. */
export function mountKit(kit: BrowserKit): void {
  shared[key] = kit;
}

/** @returns `undefined` where nothing takes reports. */
export function mountedKit(): BrowserKit | undefined {
  return shared[key];
}
