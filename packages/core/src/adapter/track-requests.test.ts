import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it, vi } from 'vitest';
import { createTracker } from '../tracker.js';
import type { Transport } from '../transport.js';
import { trackRequests } from './track-requests.js';

// What every adapter promises is tested in packages/adapter-contract; this can be seen only once in a process.
it('lets flush wait for the first page of a process: for the list of bots, then for the contact', async () => {
  const send = vi.fn<Transport['send']>().mockResolvedValue({ status: 'delivered' });
  const tracker = createTracker({ transport: { send }, flushOnExit: false });
  const { follow } = trackRequests<IncomingMessage>(tracker, {
    identify: () => new Promise((resolve) => setTimeout(resolve, 10, { contactUid: 'ada' })),
  });
  const req = { method: 'GET', headers: { 'sec-fetch-dest': 'document' } } as unknown as IncomingMessage;
  const sent = {
    statusCode: 200,
    headersSent: true,
    writableEnded: true,
    writableFinished: true,
    getHeader: () => 'text/html',
  };
  const res = Object.assign(new EventEmitter(), sent) as unknown as ServerResponse;

  follow({ request: req, req, res, target: '/', origin: () => 'https://app.example.com' });
  res.emit('close');

  expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
});
