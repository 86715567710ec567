// Measures the cost and speed that the README states, against the built package: node bench/measure.mjs
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createTracker } from '../../core/dist/index.mjs';
import { sqliteQueue } from '../dist/index.mjs';

const folder = mkdtempSync(join(tmpdir(), 'successeve-sqlite-'));
const away = { send: () => new Promise(() => {}) };
const turn = () => new Promise((resolve) => setImmediate(resolve));
const ms = (from) => (performance.now() - from).toFixed(1);
const visit = {
  contactUid: '123456',
  accountUid: 'acme',
  visitUrl: 'https://example.com/some/path?and=a&query=that&is=long',
  params: { plan: 'enterprise', pad: 'x'.repeat(120) },
};

/** Pushes pre-made events straight into the queue, then whole calls through the tracker, 20 a turn. */
async function enqueue(path) {
  const queue = sqliteQueue({ path, maxEvents: 5_000_000 });
  const body = JSON.stringify(visit);
  const times = [];
  for (let i = 0; i < 100_000; i += 20) {
    const from = performance.now();
    for (let j = 1; j <= 20; j++)
      queue.push({ id: i + j, kind: 'event', body, bytes: body.length, occurredAt: 0 });
    times.push((performance.now() - from) / 20);
    await turn();
  }
  queue.close();
  times.sort((a, b) => a - b);
  const at = (share) => `${(times[Math.floor(times.length * share)] * 1000).toFixed(2)} µs`;
  console.log(`push: median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(0.9999)}`);
}

async function sustain(path, seconds, perSecond) {
  const tracker = createTracker({ transport: away, queue: sqliteQueue({ path }), flushOnExit: false });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const from = performance.now();
  let n = 0;
  let inCalls = 0;
  while (performance.now() - from < seconds * 1000) {
    const due = ((performance.now() - from) / 1000) * perSecond;
    const start = performance.now();
    for (let i = 0; i < 200 && n < due; i++, n++) tracker.pageview(visit);
    inCalls += performance.now() - start;
    await turn();
  }
  await tracker.persisted();
  const took = (performance.now() - from) / 1000;
  delay.disable();
  console.log(
    `sustained: ${n} events in ${took.toFixed(2)} s = ${Math.round(n / took)}/s on disk, ` +
      `${((inCalls / n) * 1000).toFixed(2)} µs a call, loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, ` +
      `longest ${(delay.max / 1e6).toFixed(1)} ms, file ${(statSync(path).size / 1e6).toFixed(0)} MB`,
  );
  await tracker.close({ timeoutMs: 0 });
}

async function million(path) {
  let queue = sqliteQueue({ path });
  const body = JSON.stringify(visit);
  for (let id = 1; id <= 1_000_000; id++) {
    queue.push({ id, kind: id % 2 ? 'event' : 'pageview', body, bytes: body.length, occurredAt: 0 });
    if (id % 1000 === 0) await turn();
  }
  await queue.persisted();
  queue.close();
  globalThis.gc?.();
  const memory = process.memoryUsage().rss;
  const from = performance.now();
  queue = sqliteQueue({ path });
  const opened = ms(from);
  let id = Number.MIN_SAFE_INTEGER;
  const alive = setInterval(() => {}, 1000);
  let awake = () => {};
  const woken = () => new Promise((resolve) => (awake = resolve));
  queue.open({ wake: () => awake(), error: console.error, adopt: () => ++id, disown() {} });
  let first;
  while (!first) {
    const waking = woken();
    [first] = queue.lease(1);
    // The file may be busy for a moment: the thread of the queue that has just closed moves the rest of the WAL.
    if (!first) await waking;
  }
  console.log(
    `a million events: opened in ${opened} ms, first event after ${ms(from)} ms, file ${(statSync(path).size / 1e6).toFixed(0)} MB`,
  );
  queue.settle([first]);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const drainFrom = performance.now();
  let rss = 0;
  let n = 1;
  while (n < 1_000_000) {
    const waking = woken();
    const events = queue.lease(100);
    // Another one writes, or moves the WAL.
    if (events.length === 0) await waking;
    n += events.length;
    queue.settle(events);
    if (n % 10_000 < 100) rss = Math.max(rss, process.memoryUsage().rss);
    await turn();
  }
  console.log(
    `drained ${n} in ${ms(drainFrom)} ms, memory grew by at most ${((rss - memory) / 1e6).toFixed(0)} MB, loop delay longest ${(delay.max / 1e6).toFixed(1)} ms`,
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  clearInterval(alive);
  queue.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  console.log(`file after that: ${(statSync(path).size / 1e6).toFixed(2)} MB`);
}

try {
  await enqueue(join(folder, 'enqueue'));
  await sustain(join(folder, 'sustain-50k'), 5, 50_000);
  await sustain(join(folder, 'sustain'), 4, Number.POSITIVE_INFINITY);
  await million(join(folder, 'million'));
} finally {
  rmSync(folder, { recursive: true });
}
