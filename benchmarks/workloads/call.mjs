// What our calls cost, sending left out, beside the least that could be done.
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { createTracker, memoryQueue } from '@successeve/core';
import { tracking } from '@successeve/express';
import express from 'express';
import { answerWith } from '../lib/processes.mjs';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const tracker = createTracker({
  transport: { send: async () => ({ status: 'delivered' }) },
  batch: true,
  flushOnExit: false,
});

/** Its queue is full, and the API's budget spent: every pageview sheds the oldest. */
const shedding = createTracker({
  transport: {
    send: async () => ({
      status: 'rate_limited',
      rateLimit: { limit: 900, remaining: 0, resetsAt: Date.now() + 300_000 },
    }),
  },
  queue: memoryQueue({ maxEvents: 1000 }),
  logger: { debug() {}, warn() {}, error() {} },
  batch: true,
  flushOnExit: false,
});

/** @param {number} i */
const details = (i) => ({
  contactUid: `contact-${i}`,
  accountUid: 'account-1',
  displayName: 'Report exported',
  params: { format: 'pdf', source: 'toolbar', note: 'x'.repeat(100) },
});

const app = express();
const socket = new Socket();
const headers = {
  host: 'app.example.com',
  accept: 'text/html',
  'sec-fetch-dest': 'document',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
};
const identify = () => ({ contactUid: 'contact-1', accountUid: 'account-1' });
const next = () => {};
const recorded = tracking(tracker, { identify });
const shed = tracking(shedding, { identify });
const skipped = tracking(tracker, { identify, ignore: ['/reports'] });
/** @type {import('express').RequestHandler} */
const bare = (_req, res, done) => {
  res.on('close', () => {});
  done();
};

/** What Express hands to a middleware, with a response that was sent. */
function exchange() {
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
  return { req, res };
}

/** @param {import('express').RequestHandler} middleware */
const request = (middleware) => ({
  prepare: exchange,
  /** @param {ReturnType<typeof exchange>} made */
  call({ req, res }) {
    middleware(req, res, next);
    res.emit('close');
  },
});

/** What is timed: `call`, of what `prepare` has made. @type {Record<string, { prepare: (i: number) => any, call: (made: any) => unknown }>} */
const calls = {
  'the same JSON by hand': {
    prepare: details,
    call: ({ contactUid, accountUid, displayName, params }) =>
      JSON.stringify({
        contact_uid: contactUid,
        event_uid: 'report_exported',
        params: { ...params, account_uid: accountUid, display_name: displayName },
      }),
  },
  'tracker.event()': {
    prepare: details,
    call: (made) => tracker.event('report_exported', made),
  },
  'req.track.event()': {
    prepare(i) {
      const { req, res } = exchange();
      recorded(req, res, next);
      const { displayName, params } = details(i);
      return { track: req.track, event: { displayName, params } };
    },
    call: ({ track, event }) => track.event('report_exported', event),
  },
  'a listener on a response': request(bare),
  'an automatic pageview, recorded': request(recorded),
  'an automatic pageview, for which a full queue sheds another': request(shed),
  'an automatic pageview, skipped': request(skipped),
};

/**
 * How much memory a call takes, in bytes, whether it is kept or not: so few calls that the garbage collector keeps away.
 *
 * @param {typeof calls[string]} of
 */
async function allocated({ prepare, call }) {
  const count = 1000;
  let bytes = 0;
  // At first the engine takes some for itself, to compile them.
  for (let round = 0; round < 5; round++) {
    const made = Array.from({ length: count }, (_, i) => prepare(i));
    global.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (const one of made) call(one);
    bytes = process.memoryUsage().heapUsed - before;
    await turn();
  }
  return bytes / count;
}

answerWith(async ({ name, rounds }) => {
  const { prepare, call } = calls[name] ?? {};
  if (!prepare || !call) return { names: Object.keys(calls) };
  if (!rounds) return { bytes: await allocated({ prepare, call }) };
  let ms = 0;
  for (let round = 0; round < rounds; round++) {
    const made = Array.from({ length: 20 }, (_, i) => prepare(i));
    const start = performance.now();
    for (const one of made) call(one);
    ms += performance.now() - start;
    // What is left for a later turn, such as the queue's work, is not the call's.
    await turn();
  }
  return { us: (ms * 1000) / (rounds * 20) };
});
