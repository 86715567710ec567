import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

// What it does is tested in a browser: test/, and by the rules that it shares with @successeve/browser, tests/browser-pages.
const path = fileURLToPath(new URL('../dist/client.mjs', import.meta.url));
const script = readFileSync(path, 'utf8');

it('is at most 1.7 kB, compressed', () => {
  expect(gzipSync(script).byteLength).toBeLessThanOrEqual(1_700);
});

it('imports nothing, and keeps nothing on the device', () => {
  expect(script).not.toMatch(/\bimport\b|\brequire\b|cookie|localStorage|sessionStorage|indexedDB/i);
});

it('does nothing on a server, which renders components that record events', async () => {
  const client: typeof import('./client.js') = await import(path);
  expect(() => client.startReporting({ frames: true })).not.toThrow();
  expect(() => client.event('filter_saved')).not.toThrow();
  expect(() => client.page('/step/1')).not.toThrow();
  expect(() => client.onRouterTransitionStart('/', 'push')).not.toThrow();
});
