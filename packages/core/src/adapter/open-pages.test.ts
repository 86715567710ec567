import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { TestExchange } from '../../test/test-exchange.js';
import { createTracker } from '../tracker/tracker.js';
import { trackRequests } from './track-requests.js';

beforeEach(() => {
  // Only what counts the time: the server and its connection are real.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const headers = { 'sec-fetch-dest': 'document', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };

/** Leaves a page whose response goes on, after so many ms; returns what became of it. */
async function leave(afterMs: number, answer: (res: ServerResponse) => void): Promise<object> {
  const tracker = createTracker({ transport: { send: async () => ({ status: 'delivered' }) } });
  const { follow } = trackRequests<IncomingMessage>(tracker, { identify: () => ({ contactUid: 'ada' }) });
  const server = createServer((req, res) => {
    follow(new TestExchange(req, res));
    res.once('close', () => server.emit('test:ended'));
    answer(res);
  });
  const ended = once(server, 'test:ended');
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const visit = get({ port, host: '127.0.0.1', headers });
  visit.on('error', () => {});
  const [response] = (await once(visit, 'response')) as [IncomingMessage];
  response.resume();
  vi.advanceTimersByTime(afterMs);
  visit.destroy();
  await ended;
  const { recorded, skipped } = tracker.stats().pageviews;
  return { recorded, aborted: skipped.aborted, not_html: skipped.not_html };
}

const html = { 'content-type': 'text/html' };
const sendShell = (res: ServerResponse): void => void res.writeHead(200, html).write('<h1>The shell</h1>');

it('a streamed page counts that was on the screen for a while, although its end was not awaited', async () => {
  expect(await leave(2_000, sendShell)).toEqual({ recorded: 1, aborted: 0, not_html: 0 });
});

it('a streamed page does not count that was left at once', async () => {
  expect(await leave(400, sendShell)).toEqual({ recorded: 0, aborted: 1, not_html: 0 });
});

it('a page does not count of which only the head was sent, since the screen stays empty', async () => {
  const sendHead = (res: ServerResponse): void => res.writeHead(200, html).flushHeaders();
  expect(await leave(5_000, sendHead)).toEqual({ recorded: 0, aborted: 1, not_html: 0 });
});

it('a stream that is not a page does not count however long it went on', async () => {
  const stream = { 'content-type': 'text/event-stream' };
  const sendEvent = (res: ServerResponse): void => void res.writeHead(200, stream).write('data: 1\n\n');
  expect(await leave(5_000, sendEvent)).toEqual({ recorded: 0, aborted: 0, not_html: 1 });
});
