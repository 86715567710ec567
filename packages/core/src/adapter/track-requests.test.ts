import { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { TestExchange } from '../../test/test-exchange.js';
import { createTracker, type Tracker } from '../tracker/tracker.js';
import type { Transport } from '../transport/transport.js';
import { trackRequests } from './track-requests.js';

// What every adapter promises is tested in tests/adapter-contract; here is what no server of its own shows.

function openTracker(enabled = true): Tracker {
  const send = vi.fn<Transport['send']>().mockResolvedValue({ status: 'delivered' });
  return createTracker({ transport: { send }, flushOnExit: false, enabled });
}

function openRequest(): IncomingMessage {
  const headers = { 'sec-fetch-dest': 'document' };
  return Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url: '/', headers });
}

it('lets flush wait for the contact of a page', async () => {
  const tracker = openTracker();
  const { follow } = trackRequests<IncomingMessage>(tracker, {
    identify: () => new Promise((resolve) => setTimeout(resolve, 10, { contactUid: 'ada' })),
  });
  const req = openRequest();
  const sent = {
    statusCode: 200,
    headersSent: true,
    writableEnded: true,
    writableFinished: true,
    getHeader: () => 'text/html',
  };
  const res = Object.assign(new EventEmitter(), sent) as unknown as ServerResponse;

  follow(new TestExchange(req, res));
  res.emit('close');

  expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
});

it('does not count a page whose connection broke, although Node 20 takes its response for finished', async () => {
  const tracker = openTracker();
  const { follow } = trackRequests<IncomingMessage>(tracker, { identify: () => ({ contactUid: 'ada' }) });
  const req = openRequest();
  const broken = req.socket.on('error', () => {}).destroy(new Error('ECONNRESET'));
  const sent = {
    ...{ statusCode: 200, headersSent: true, writableEnded: true, writableFinished: true },
    ...{ getHeader: () => 'text/html', _header: 'HTTP/1.1 200 OK', socket: broken },
  };
  const res = Object.assign(new EventEmitter(), sent) as unknown as ServerResponse;

  follow(new TestExchange(req, res));
  res.emit('close');

  expect(tracker.stats().pageviews).toMatchObject({ recorded: 0, skipped: { aborted: 1 } });
});

describe('a response without a connection', () => {
  /** What takes the place of a connection: of serverless-http, of similar packages, and of light-my-request. */
  const standIns: [string, () => object][] = [
    [
      'a stand-in',
      () => {
        const socket = { _writableState: {}, writable: true, cork() {}, uncork() {}, destroy() {} };
        const write = (_data: unknown, encoding: unknown, done = encoding): void => {
          if (typeof done === 'function') done();
        };
        return Object.assign(socket, { write, on: () => socket, removeListener: () => socket });
      },
    ],
    [
      'a stream that is only written to',
      () => new Writable({ write: (_data, _encoding, done) => setImmediate(done) }),
    ],
  ];

  it.each(standIns)(
    'counts once when it is finished, whether it closes with that or not at all: %s',
    async (_, standIn) => {
      const tracker = openTracker();
      const { follow } = trackRequests<IncomingMessage>(tracker, { identify: () => ({ contactUid: 'ada' }) });
      for (const closes of [true, false]) {
        const req = openRequest();
        const res = new ServerResponse(req);
        res.assignSocket(standIn() as Socket);
        if (closes) res.once('finish', () => res.emit('close'));
        follow(new TestExchange(req, res));
        const finished = new Promise((resolve) => res.once('finish', resolve));
        res.setHeader('content-type', 'text/html');
        res.end('a page');
        await finished;
      }

      expect(tracker.stats().pageviews).toMatchObject({ recorded: 2 });
      await tracker.close();
    },
  );

  it('does not count where it closes before it has ended', async () => {
    const tracker = openTracker();
    const { follow } = trackRequests<IncomingMessage>(tracker, { identify: () => ({ contactUid: 'ada' }) });
    const req = openRequest();
    const res = new ServerResponse(req);
    res.assignSocket(new Writable() as Socket);

    follow(new TestExchange(req, res));
    res.emit('close');
    await Promise.resolve();

    expect(tracker.stats().pageviews).toMatchObject({ recorded: 0, skipped: { aborted: 1 } });
    await tracker.close();
  });
});

it('leaves a request to the mount whose tracker is on, whichever comes first', async () => {
  const [on, off] = [openTracker(), openTracker(false)];
  const options = { identify: () => ({ contactUid: 'ada' }) };
  for (const trackers of [
    [on, off],
    [off, on],
  ]) {
    const req = openRequest();
    const res = new ServerResponse(req);
    const exchange = new TestExchange(req, res);

    const followed = trackers.map((tracker) =>
      trackRequests<IncomingMessage>(tracker, options).follow(exchange),
    );
    followed.at(-1)?.track.event('step_taken');
  }

  expect(on.stats().accepted).toBe(2);
  expect(await on.close()).toEqual({ delivered: 2, pending: 0 });
});

it.each(['admin', ''])('throws for %j in `ignore`, which is not a path', (rule) => {
  const options = { identify: () => null, ignore: [rule] };

  expect(() => trackRequests(openTracker(), options)).toThrow(
    `ignore[0]: expected a path that starts with a slash, got ${JSON.stringify(rule)}`,
  );
});

it('may be asked for the contact by what identify itself tracks, also in its last call', async () => {
  const onError = vi.fn();
  const tracker = createTracker({
    transport: { send: async () => ({ status: 'delivered' }) },
    logger: { debug() {}, warn() {}, error() {} },
    flushOnExit: false,
    onError,
  });
  const identify = vi.fn(() => {
    followed.track.event('identify_called');
    return null;
  });
  const { follow } = trackRequests<IncomingMessage>(tracker, { identify });
  const res = Object.assign(new EventEmitter(), {
    statusCode: 200,
    headersSent: true,
    writableEnded: true,
    writableFinished: true,
    getHeader: () => undefined,
  });
  const followed = follow(new TestExchange(openRequest(), res as unknown as ServerResponse));

  followed.track.event('report_opened');
  res.emit('close');

  expect(onError).not.toHaveBeenCalled();
  expect(identify).toHaveBeenCalledTimes(2);
  expect(tracker.stats().dropped.no_contact).toBe(3);
});
