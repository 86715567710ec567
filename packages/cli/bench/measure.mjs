// What `successeve dev` bears: `node bench/measure.mjs [events a second] [seconds] [--batch]`, after a build.
// Sends with the SDK, listens as a page does, and tells the start-up, what was lost and how long it took to be seen.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createTracker } from '@successeve/core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { batch: { type: 'boolean' } },
});
const [perSecond = 2000, seconds = 10] = positionals.map(Number);
const { batch = false } = values;
const total = perSecond * seconds;
const tickMs = 10;

const startedAt = performance.now();
const bin = fileURLToPath(new URL('../dist/bin.mjs', import.meta.url));
const dev = spawn(process.execPath, [bin, 'dev', '--port', '0', '--rate-limit', 'off'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
process.once('exit', () => dev.kill());
let apiUrl = '';
for await (const line of createInterface({ input: dev.stdout })) {
  apiUrl = /Page +(\S+)/.exec(line)?.[1] ?? apiUrl;
  if (line.startsWith('Ready')) break;
}
console.log(`ready after ${Math.round(performance.now() - startedAt)} ms`);
dev.stdout.resume();

const [page] = await once(get(`${apiUrl}/dev/stream`), 'response');
const latenciesMs = [];
let buffer = '';
page.setEncoding('utf8').on('data', (chunk) => {
  const blocks = (buffer + chunk).split('\n\n');
  buffer = blocks.pop();
  const now = performance.now();
  for (const block of blocks) {
    const message = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}');
    for (const { contactUid } of message.entries ?? []) latenciesMs.push(now - Number(contactUid));
  }
});

const tracker = createTracker({ apiToken: 'anything', apiUrl, batch: batch && { maxWaitMs: 50 } });
const beganAt = performance.now();
for (let sent = 0; sent < total; ) {
  const due = Math.min(total, Math.ceil(((performance.now() - beganAt) / 1000) * perSecond));
  for (; sent < due; sent++) tracker.event('measured', { contactUid: String(performance.now()) });
  await delay(tickMs);
}
await tracker.flush({ timeoutMs: 60_000 });
const { delivered } = tracker.stats();
const tookMs = performance.now() - beganAt;
for (let waited = 0; latenciesMs.length < delivered && waited < 100; waited++) await delay(tickMs * 5);

const sorted = latenciesMs.toSorted((one, other) => one - other);
const quantile = (share) => `${Math.round(sorted[Math.floor((sorted.length - 1) * share)])} ms`;
console.log(
  `${total} events in ${(tookMs / 1000).toFixed(1)} s${batch ? ', in batches' : ''}: ${delivered} delivered, ${sorted.length} on the page`,
);
console.log(
  `from the call to the page: median ${quantile(0.5)}, p99 ${quantile(0.99)}, longest ${quantile(1)}`,
);
await tracker.close();
page.destroy();
dev.kill('SIGINT');
await once(dev, 'exit');
