// What the core and the Express adapter cost, beside a bare run in the same process. See README.md.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { join } from 'node:path';
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
  const app = express();
  const socket = new Socket();
  const headers = {
    host: 'app.example.com',
    accept: 'text/html',
    'sec-fetch-dest': 'document',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
  };
  // What Express hands to a middleware, and a response that was sent: only the middleware is measured.
  const exchange = () => {
    const req = Object.setPrototypeOf(new IncomingMessage(socket), app.request);
    Object.assign(req, {
      app,
      method: 'GET',
      url: '/reports?tab=open',
      originalUrl: '/reports?tab=open',
      headers,
    });
    const res = Object.setPrototypeOf(new ServerResponse(req), app.response);
    Object.defineProperties(res, { writableEnded: { value: true }, writableFinished: { value: true } });
    return [req, res];
  };
  const identify = () => ({ contactUid: 'contact-1', accountUid: 'account-1' });
  const tracker = sendingNowhere();
  const middlewares = {
    bare(_req, res, next) {
      res.on('close', () => {});
      next();
    },
    recorded: tracking(tracker, { identify }),
    skipped: tracking(tracker, { identify, ignore: ['/reports'] }),
  };
  const next = () => {};
  const cpu = async (middleware) => {
    const exchanges = Array.from({ length: 16 }, exchange);
    const before = process.cpuUsage();
    for (const [req, res] of exchanges) {
      middleware(req, res, next);
      res.emit('close');
    }
    await tracker.flush();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 16;
  };
  const results = { bare: [], recorded: [], skipped: [] };
  for (let round = 0; round < 1200; round++) {
    for (const [name, middleware] of Object.entries(middlewares)) results[name].push(await cpu(middleware));
  }
  // The least and the most of single rounds are the garbage collector's; the quartiles say more.
  const quartiles = (numbers) => {
    const sorted = numbers.slice(400).toSorted((a, b) => a - b);
    const at = (part) => sorted[Math.floor(sorted.length * part)].toFixed(1);
    return `${at(0.5)} (${at(0.25)}–${at(0.75)})`;
  };
  console.log(`a listener on a response ${quartiles(results.bare)} µs of CPU; quartiles`);
  console.log(`a recorded pageview      ${quartiles(results.recorded)} µs`);
  console.log(`a skipped request        ${quartiles(results.skipped)} µs\n`);
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
  const folder = mkdtempSync(join(import.meta.dirname, '.start-'));
  const time = (name, code) => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(
      file,
      `const start = performance.now();\n${code}\nconsole.log(performance.now() - start);\n`,
    );
    return Array.from({ length: 9 }, () => Number(execFileSync(process.execPath, [file])));
  };
  const importAndCreate = `
    const { createTracker } = await import('@successeve/core');
    createTracker({ apiToken: 'benchmark', flushOnExit: false });`;
  writeFileSync(join(folder, 'empty.mjs'), '');
  console.log(`import and create        ${spread(time('ours', importAndCreate), 1)} ms`);
  console.log(`import of an empty file  ${spread(time('bare', "await import('./empty.mjs');"), 1)} ms`);
  rmSync(folder, { recursive: true });
}
