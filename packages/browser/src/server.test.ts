import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

// As it is built: the build writes the script into it.
const built = new URL('../dist/server.mjs', import.meta.url).href;
const { browserScript }: typeof import('./server.js') = await import(built);

describe.each([true, false])('the script, events: %s,', (events) => {
  const script = browserScript({ path: '/seen', events, frames: false });

  it('is the same text for the same options', () => {
    expect(browserScript({ path: '/seen', events, frames: false })).toBe(script);
    expect(browserScript({ path: '/seen', events, frames: true })).not.toBe(script);
    expect(browserScript({ path: '/elsewhere', events, frames: false })).not.toBe(script);
  });

  it('is one function that runs at once', () => {
    expect(() => new Function(script)).not.toThrow();
  });

  it('is as small as it is promised to be', () => {
    expect(gzipSync(script).byteLength).toBeLessThanOrEqual(events ? 1_700 : 1_300);
  });

  it('keeps nothing on the device, evaluates nothing, and listens to no unload', () => {
    expect(script).not.toMatch(/cookie|Storage|indexedDB|\beval\b|Function\(|unload/);
  });
});
