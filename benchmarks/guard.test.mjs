// What must not grow unnoticed. It is counted, not timed, so that it says the same on any machine; each bound is about
// twice what was counted when it was set.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { createTracker } from '@successeve/core';
import { startFakeApi } from '@successeve/testing';
import { expect, it } from 'vitest';
import { installed } from './lib/installed.mjs';
import { cores, Worker } from './lib/processes.mjs';

it.each([
  ['tracker.event()', 2_500],
  ['req.track.event()', 3_500],
  ['an automatic pageview, recorded', 8_500],
  ['an automatic pageview, skipped', 4_500],
])('%s takes at most %i bytes of memory', async (name, most) => {
  const bytes = await bytesOf(name);
  // Below that it was not done at all.
  expect(bytes).toBeGreaterThan(500);
  expect(bytes).toBeLessThan(most);
});

it('a pageview that a full queue sheds takes little memory: no error of its own, and it is not parsed', async () => {
  const recorded = await bytesOf('an automatic pageview, recorded');
  const shed = await bytesOf('an automatic pageview, for which a full queue sheds another');
  // With an error it would be 1.4 times as much, with what is read of its body 1.35.
  expect(shed).toBeLessThan(recorded * 1.3);
});

/** How much memory a call takes. @param {string} name */
async function bytesOf(name) {
  const worker = new Worker('workloads/call.mjs', { core: cores.measured });
  try {
    const { bytes } = await worker.ask({ name });
    return bytes;
  } finally {
    await worker.end();
  }
}

it('an installation of the core is two packages, and at most 500 kB', () => {
  const { packages, bytes } = installed('@successeve/core');
  expect(packages).toBe(2);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(500_000);
});

it('the client piece of the adapter for Next is at most 1.7 kB, gzipped', () => {
  const path = createRequire(import.meta.url).resolve('@successeve/next/client');
  const { length } = gzipSync(readFileSync(path));
  expect(length).toBeGreaterThan(100);
  expect(length).toBeLessThanOrEqual(1700);
});

it('10,000 events take at most 16 sockets while the API hangs', async () => {
  const api = await startFakeApi({ replies: () => 'hang' });
  const tracker = createTracker({ apiToken: api.token, apiUrl: api.url, flushOnExit: false, onDrop() {} });
  for (let i = 0; i < 10_000; i++) tracker.event('tested', { contactUid: i });
  await api.waitForRequests(1);
  // Some turns more, in which others would open one for each event.
  for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(api.sockets.most).toBeGreaterThan(0);
  expect(api.sockets.most).toBeLessThanOrEqual(16);
  await tracker.close({ timeoutMs: 0 });
  await api.close();
});
