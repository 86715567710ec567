// What Redis being away does to the requests of an application: node bench/latency.mjs [seconds]
// Three of the same application, one with Redis, one whose Redis is away, and one that tracks nothing, take turns with
// each request, so that whatever else the machine does hits all three alike. A request tracks a pageview and an event.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { createTracker } from '../../core/dist/index.mjs';
import { bullmqTransport } from '../dist/index.mjs';
import { startRedis } from '../test/redis-server.ts';

const perSecond = 200;

if (process.env.APP_REDIS !== undefined) serve(process.env.APP_REDIS);
else await measure(Number(process.argv[2] ?? 30));

function serve(connection) {
  const quiet = { onError: () => {}, onDrop: () => {} };
  const tracker = connection && createTracker({ transport: bullmqTransport({ connection }), ...quiet });
  const server = createServer((_req, res) => {
    if (tracker) {
      tracker.pageview({ contactUid: 1, visitUrl: 'https://example.com/a/page' });
      tracker.event('tested', { contactUid: 1, params: { plan: 'enterprise' } });
    }
    res.end(JSON.stringify({ hello: 'world', filler: 'x'.repeat(500) }));
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

async function measure(seconds) {
  const redis = await startRedis();
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const start = async (name, connection) => {
    const child = spawn(process.execPath, [new URL(import.meta.url).pathname], {
      env: { ...process.env, APP_REDIS: connection },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [port] = await once(child, 'message');
    return { name, child, port, times: [] };
  };
  const applications = [
    await start('up', redis.url),
    // Nobody listens there.
    await start('down', 'redis://127.0.0.1:1'),
    await start('bare', ''),
  ];
  const send = ({ port, times }) =>
    new Promise((resolve, reject) => {
      const from = performance.now();
      const req = request({ port, agent, host: '127.0.0.1' }, (res) => {
        res.resume();
        res.on('end', () => resolve(times.push(performance.now() - from)));
      });
      req.on('error', reject).end();
    });
  try {
    for (const count of [2 * perSecond, seconds * perSecond]) {
      for (const { times } of applications) times.length = 0;
      const from = performance.now();
      const underWay = [];
      for (let n = 0; n < count * applications.length; n++) {
        const wait = from + (n * 1000) / perSecond / applications.length - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        underWay.push(send(applications[n % applications.length]));
      }
      await Promise.all(underWay);
    }
    const at = ({ times }, share) => times.toSorted((a, b) => a - b)[Math.floor(times.length * share)];
    for (const application of applications) {
      const { name, times } = application;
      console.log(
        `${name.padEnd(4)}  median ${at(application, 0.5).toFixed(3)} ms  p99 ${at(application, 0.99).toFixed(3)} ms  of ${times.length}`,
      );
    }
    const [up, down] = applications;
    console.log(`p99 with Redis down against up: ${(at(down, 0.99) / at(up, 0.99)).toFixed(2)}`);
  } finally {
    for (const { child } of applications) child.kill();
    agent.destroy();
    await redis.remove();
  }
}
