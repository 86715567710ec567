// What Redis being away does to the requests of an application: node bench/latency.mjs [rounds]
// Rounds with Redis up, down, and without tracking take turns; each request tracks a pageview and an event.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { createTracker } from '../../core/dist/index.mjs';
import { bullmqTransport } from '../dist/index.mjs';
import { startRedis } from '../test/redis-server.ts';

if (process.env.APP_REDIS) await application();
else await measure(Number(process.argv[2] ?? 6));

async function application() {
  const tracker = createTracker({
    transport: bullmqTransport({ connection: process.env.APP_REDIS }),
    onError: () => {},
    onDrop: () => {},
  });
  const server = createServer((req, res) => {
    if (req.url === '/tracked') {
      tracker.pageview({ contactUid: 1, visitUrl: 'https://example.com/a/page' });
      tracker.event('tested', { contactUid: 1, params: { plan: 'enterprise' } });
    }
    res.end(JSON.stringify({ hello: 'world', filler: 'x'.repeat(500) }));
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

async function measure(rounds) {
  const redis = await startRedis();
  const child = spawn(process.execPath, [new URL(import.meta.url).pathname], {
    env: { ...process.env, APP_REDIS: redis.url },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = await once(child, 'message');
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const once_ = (path) =>
    new Promise((resolve, reject) => {
      const from = performance.now();
      request({ port, path, agent, host: '127.0.0.1' }, (res) => {
        res.resume();
        res.on('end', () => resolve(performance.now() - from));
      })
        .on('error', reject)
        .end();
    });
  /** Two seconds at 500 requests a second. */
  const round = async (path) => {
    const times = [];
    const from = performance.now();
    const under = [];
    for (let n = 0; n < 1000; n++) {
      const wait = from + n * 2 - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      under.push(once_(path).then((ms) => times.push(ms)));
    }
    await Promise.all(under);
    return times;
  };
  try {
    await round('/tracked');
    const all = { up: [], down: [], bare: [] };
    for (let n = 0; n < rounds; n++) {
      for (const state of n % 2 ? ['up', 'bare', 'down'] : ['down', 'bare', 'up']) {
        if (state === 'down') await redis.stop();
        all[state].push(...(await round(state === 'bare' ? '/bare' : '/tracked')));
        if (state === 'down') await redis.start();
      }
    }
    const at = (times, share) => times.toSorted((a, b) => a - b)[Math.floor(times.length * share)];
    for (const [state, times] of Object.entries(all)) {
      console.log(
        `${state.padEnd(4)}  median ${at(times, 0.5).toFixed(2)} ms  p99 ${at(times, 0.99).toFixed(2)} ms  (${times.length} requests)`,
      );
    }
    console.log(`p99 with Redis down against up: ${(at(all.down, 0.99) / at(all.up, 0.99)).toFixed(2)}`);
  } finally {
    child.kill();
    agent.destroy();
    await redis.remove();
  }
}
