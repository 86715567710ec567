import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  browserReports,
  createTracker,
  type Tracker,
  type TrackerOptions,
  tracking,
} from '@successeve/express';
import express from 'express';
import { expect, it, onTestFinished } from 'vitest';
import { type Dev, event, get, send, startDev, token, until, watch } from '../../test/dev.js';
import type { AcceptedEntry, Entry, RequestDetails } from './protocol.js';

const quiet = { debug() {}, warn() {}, error() {} };

function connect({ url }: Dev, options: TrackerOptions = {}): Tracker {
  const tracker = createTracker({
    apiUrl: url,
    apiToken: token,
    debug: true,
    logger: quiet,
    flushOnExit: false,
    ...options,
  });
  onTestFinished(async () => void (await tracker.close({ timeoutMs: 0 })));
  return tracker;
}

/** An application with a page for a visitor who is signed in, and one route before the middleware. */
async function startApplication(tracker: Tracker): Promise<string> {
  const app = express();
  app.get('/early', (_, res) => void res.type('html').send('<p>early'));
  app.use(
    tracking(tracker, {
      identify: (req) => (req.headers['x-user'] ? { contactUid: String(req.headers['x-user']) } : undefined),
      browser: { events: ['filter_saved'] },
    }),
  );
  app.use(browserReports());
  app.get('/page', (_, res) => void res.type('html').send('<p>hello'));
  app.post('/register', (req, res) => {
    req.track.event('user_registration', { displayName: 'Registration' });
    req.track.event('Not Snake Case');
    res.redirect('/page');
  });
  const server: Server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What an entry says, short enough to compare. */
function inShort(entry: Entry): string {
  switch (entry.type) {
    case 'accepted':
      return `${entry.eventUid} of ${entry.contactUid}`;
    case 'rejected':
      return `rejected ${entry.status}`;
    default: {
      const { report } = entry;
      if (report.type === 'skipped') return `${report.method} ${report.path} skipped: ${report.reason}`;
      return report.type === 'dropped' ? `dropped: ${report.reason}` : report.type;
    }
  }
}

it('shows why something was not counted: what the SDK of an application skipped and dropped', async () => {
  const dev = await startDev();
  const { entries } = await watch(dev);
  const site = await startApplication(connect(dev));
  const visit = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<unknown> =>
    send(site + path, { method, headers: { accept: 'text/html', ...headers }, isBare: true });
  await visit('/page', { 'x-user': 'ada' });
  await visit('/page?secret=1');
  await visit('/page', { 'x-user': 'ada', 'sec-purpose': 'prefetch' });
  await visit('/missing', { 'x-user': 'ada' });
  await visit('/early');
  await visit('/register', { 'x-user': 'ada' }, 'POST');
  const expected = [
    'pageview of ada',
    'GET /page skipped: no_contact',
    'GET /page skipped: prefetch',
    'GET /missing skipped: status',
    'GET /early skipped: not_followed',
    'POST /register skipped: method',
    'user_registration of ada',
    'dropped: invalid',
  ];
  await until(() => expect(entries.map(inShort).toSorted()).toEqual(expected.toSorted()));
  expect(JSON.stringify(entries)).not.toContain('secret');
});

it('accepts what the SDK sends, one by one and in batches, and reports the budget', async () => {
  const dev = await startDev({ rateLimit: { limit: 900, windowMs: 300_000 } });
  const { entriesAre } = await watch(dev);
  for (const batch of [false, true]) {
    const tracker = connect(dev, { batch });
    for (let i = 0; i < 20; i++) tracker.event('user_registration', { contactUid: i });
    expect(await tracker.flush()).toEqual({ delivered: 20, pending: 0 });
    expect(tracker.stats().rateLimit).toMatchObject({ limit: 900 });
  }
  const entries = await entriesAre(40);
  expect(new Set(entries.map(inShort)).size).toBe(20);
});

it.each([false, true])('marks what browsers reported, in a batch: %s', async (batch) => {
  const dev = await startDev();
  const { entriesAre } = await watch(dev);
  const tracker = connect(dev, { batch });
  const site = await startApplication(tracker);
  const report = (body: object): Promise<unknown> =>
    send(`${site}/seen`, { headers: { 'x-user': 'ada', 'sec-fetch-site': 'same-origin' }, body });
  tracker.event('user_registration', { contactUid: 'ada' });
  await report({ page: '/inbox', age: 0 });
  await send(`${site}/page`, {
    method: 'GET',
    headers: { 'x-user': 'ada', accept: 'text/html' },
    isBare: true,
  });
  await report({ event: 'filter_saved', age: 0 });
  const entries = (await entriesAre(4)) as readonly AcceptedEntry[];
  const marks = entries.map(({ eventUid, visitUrl = '', isReported }) => [eventUid, visitUrl, isReported]);
  expect(marks.toSorted()).toEqual([
    ['filter_saved', '', true],
    ['pageview', `${site}/inbox`, true],
    ['pageview', `${site}/page`, undefined],
    ['user_registration', '', undefined],
  ]);
});

it('repeats with its curl what the SDK sent', async () => {
  const dev = await startDev();
  const { entriesAre } = await watch(dev);
  connect(dev).event('user_registration', { contactUid: 'ada' });
  await entriesAre(1);
  const { curl, body } = await get<RequestDetails>(`${dev.url}/dev/requests/1`);
  expect(curl).toBe(
    `curl -X POST ${dev.url}/v1/track/event \\
  -u "\${SUCCESSEVE_API_TOKEN:-anything}:" \\
  -H 'content-type: application/json' \\
  --data-raw '${body}'`,
  );
});

it.each([
  ['503', { answer: 503, percent: 100 }],
  ['a reset', { answer: 'reset', percent: 100 }],
  ['a hang', { answer: 'hang', percent: 100 }],
] as const)('shows how the SDK bears %s, and delivers once it is switched off', async (_, fault) => {
  const dev = await startDev({ faults: { answers: [fault], latencyMs: 0 } });
  const { entries } = await watch(dev);
  const tracker = connect(dev, { timeoutMs: 100, retry: { minDelayMs: 10, maxDelayMs: 50 }, onError() {} });
  tracker.event('user_registration', { contactUid: 'ada' });
  await until(() => expect(entries).toContainEqual(expect.objectContaining({ isFault: true })));
  dev.devApi.setFaults({ answers: [], latencyMs: 0 });
  expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
  // On a busy machine a request may be accepted after its timeout, and so be sent again.
  await until(() => expect(entries.some(({ type }) => type === 'accepted')).toBe(true));
});

it('names the time of the next attempt with a 429 on purpose, and gets no request until then', async () => {
  const dev = await startDev({ rateLimit: { limit: 900, windowMs: 300_000 } });
  dev.devApi.setFaults({ answers: [{ answer: 429, percent: 100 }], latencyMs: 0 });
  const tracker = connect(dev);
  tracker.event('user_registration', { contactUid: 'ada' });
  await until(() => expect(tracker.stats().pausedUntil).not.toBeNull());
  const pauseMs = Number(tracker.stats().pausedUntil) - Date.now();
  expect(pauseMs).toBeGreaterThan(3000);
  expect(pauseMs).toBeLessThan(7000);
});

it('delays its responses on demand', async () => {
  const dev = await startDev({ faults: { answers: [], latencyMs: 150 } });
  const startedAt = performance.now();
  expect((await send(`${dev.url}/v1/track/event`, { body: event })).status).toBe(200);
  // A timer may be a millisecond early.
  expect(performance.now() - startedAt).toBeGreaterThan(148);
});

it('leaves invalid reports out', async () => {
  const dev = await startDev();
  const { entriesAre } = await watch(dev);
  const warning = { type: 'warning', at: 1, code: 'proxy', message: 'trust it' };
  const reports = [
    null,
    7,
    {},
    { type: 'toString', at: 1 },
    { ...warning, message: 7 },
    { ...warning, more: 1 },
  ];
  expect((await send(`${dev.url}/dev/reports`, { body: { reports } })).status).toBe(204);
  expect((await send(`${dev.url}/dev/reports`, { body: null })).status).toBe(204);
  expect((await send(`${dev.url}/dev/reports`, { body: 'x' })).status).toBe(415);
  expect(await entriesAre(1)).toMatchObject([{ type: 'report', report: warning }]);
  expect((await send(`${dev.url}/api/dev/reports`, { body: { reports } })).status).toBe(404);
});
