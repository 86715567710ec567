// What the core and the Express adapter cost, beside a bare run in the same process. See README.md.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createTracker } from '@successeve/core';
import { tracking } from '@successeve/express';
import express from 'express';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const turn = () => new Promise((resolve) => setImmediate(resolve));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const spread = (numbers, digits) =>
  `${median(numbers).toFixed(digits)} (${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)})`;

/** A tracker that sends nowhere: only the call and the queue are measured. */
const sendingNowhere = () =>
  createTracker({
    transport: { send: async () => ({ status: 'delivered' }) },
    batch: true,
    flushOnExit: false,
  });

console.log(`Node ${process.version}. Medians, with the least and the most of all rounds.\n`);
await theCall();
await aRequest();
await aHangingApi();
theStart();

async function theCall() {
  const tracker = sendingNowhere();
  const details = (i) => ({
    contactUid: `contact-${i}`,
    accountUid: 'account-1',
    displayName: 'Report exported',
    params: { format: 'pdf', source: 'toolbar', note: 'x'.repeat(100) },
  });
  const byHand = ({ contactUid, accountUid, displayName, params }) =>
    JSON.stringify({
      contact_uid: contactUid,
      event_uid: 'report_exported',
      params: { ...params, account_uid: accountUid, display_name: displayName },
    });
  const time = async (call) => {
    let ms = 0;
    for (let round = 0; round < 500; round++) {
      const inputs = Array.from({ length: 20 }, (_, i) => details(i));
      const start = performance.now();
      for (const input of inputs) call(input);
      ms += performance.now() - start;
      await turn();
    }
    return (ms * 1000) / (500 * 20);
  };
  const ours = [];
  const floor = [];
  for (let round = 0; round < 12; round++) {
    floor.push(await time(byHand));
    ours.push(await time((input) => tracker.event('report_exported', input)));
  }
  console.log(`tracker.event()          ${spread(ours.slice(2), 2)} µs`);
  console.log(`the same JSON by hand    ${spread(floor.slice(2), 2)} µs\n`);
}

async function aRequest() {
  const headers = {
    accept: 'text/html',
    'sec-fetch-dest': 'document',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
  };
  const page = (_req, res) => res.send('<!doctype html><title>Reports</title>');
  const identify = () => ({ contactUid: 'contact-1', accountUid: 'account-1' });
  const tracker = sendingNowhere();
  const servers = {
    bare: express().get('/reports', page).listen(0, '127.0.0.1'),
    recorded: express().use(tracking(tracker, { identify })).get('/reports', page).listen(0, '127.0.0.1'),
    skipped: express()
      .use(tracking(tracker, { identify, ignore: ['/reports'] }))
      .get('/reports', page)
      .listen(0, '127.0.0.1'),
  };
  await Promise.all(Object.values(servers).map((server) => once(server, 'listening')));
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const visit = (port) =>
    new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '/reports?tab=open', agent, headers }, (res) =>
        res.resume().on('end', resolve),
      )
        .on('error', reject)
        .end();
    });
  const cpu = async (server) => {
    const { port } = server.address();
    const requests = 3000;
    const before = process.cpuUsage();
    let sent = 0;
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        while (sent++ < requests) await visit(port);
      }),
    );
    const { user, system } = process.cpuUsage(before);
    return (user + system) / requests;
  };
  const results = { bare: [], recorded: [], skipped: [] };
  for (let round = 0; round < 14; round++) {
    for (const [name, server] of Object.entries(servers)) results[name].push(await cpu(server));
  }
  const added = (name) => results[name].slice(2).map((us, round) => us - results.bare[round + 2]);
  console.log(`a bare request           ${spread(results.bare.slice(2), 1)} µs of CPU, client included`);
  console.log(`+ a recorded pageview    ${spread(added('recorded'), 1)} µs`);
  console.log(`+ a skipped request      ${spread(added('skipped'), 1)} µs\n`);
  agent.destroy();
  for (const server of Object.values(servers)) server.close();
  await tracker.close();
}

async function aHangingApi() {
  const api = createServer(() => {}).listen(0, '127.0.0.1');
  await once(api, 'listening');
  const tracker = createTracker({
    apiToken: 'benchmark',
    apiUrl: `http://127.0.0.1:${api.address().port}`,
    flushOnExit: false,
    onError() {},
    onDrop() {},
  });
  let sockets = 0;
  api.on('connection', () => sockets++);
  collectGarbage();
  const heapBefore = process.memoryUsage().heapUsed;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  // 100 calls in each turn of the event loop, as a busy server makes them.
  for (let i = 0; i < 100_000; i++) {
    tracker.event('report_exported', {
      contactUid: `contact-${i}`,
      accountUid: 'account-1',
      displayName: 'Report exported',
      params: { format: 'pdf', note: `${i}${'x'.repeat(130)}` },
    });
    if (i % 100 === 0) await turn();
  }
  const us = ((performance.now() - start) * 1000) / 100_000;
  delay.disable();
  collectGarbage();
  const megabytes = (process.memoryUsage().heapUsed - heapBefore) / 1e6;
  const { queued, inFlight } = tracker.stats();
  console.log(
    `100 000 events of 300 bytes while the API hangs: ${queued + inFlight} held, ${megabytes.toFixed(1)} MB of heap,`,
  );
  console.log(
    `  ${sockets} socket(s), ${us.toFixed(2)} µs a call, the loop blocked for ${(delay.max / 1e6).toFixed(1)} ms at most\n`,
  );
  await tracker.close({ timeoutMs: 0 });
  api.closeAllConnections();
  api.close();
}

function theStart() {
  const script = `
    const start = performance.now();
    const { createTracker } = await import('@successeve/core');
    createTracker({ apiToken: 'benchmark', flushOnExit: false });
    console.log(performance.now() - start);`;
  const start = () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: import.meta.dirname }),
    );
  console.log(`import and create        ${spread(Array.from({ length: 9 }, start), 1)} ms`);
}
