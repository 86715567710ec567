import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

// What it does is tested in a browser: test/.
const script = readFileSync(fileURLToPath(new URL('../dist/client.mjs', import.meta.url)), 'utf8');

it('is at most 1.5 kB, compressed', () => {
  expect(gzipSync(script).byteLength).toBeLessThanOrEqual(1_500);
});

it('imports nothing, and keeps nothing on the device', () => {
  expect(script).not.toMatch(/\bimport\b|\brequire\b|cookie|localStorage|sessionStorage|indexedDB/i);
});
