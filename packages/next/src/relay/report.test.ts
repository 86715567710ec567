import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createTracker, type Logger, type Tracker } from '@successeve/core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { registerTracking } from '../index.js';
import { ArrivedExchange } from '../tracked-request.js';
import { takeReport } from './report.js';

const logger = { debug: vi.fn(), warn: vi.fn<Logger['warn']>(), error: vi.fn() };

function register(baseUrl?: string): Tracker {
  const tracker = createTracker({
    apiToken: 'token',
    apiUrl: 'http://127.0.0.1:9',
    flushOnExit: false,
    logger,
    onDrop() {},
  });
  registerTracking(tracker, { identify: () => ({ contactUid: 'ada' }), ...(baseUrl && { baseUrl }) });
  onTestFinished(async () => {
    await tracker.close({ timeoutMs: 0 });
    vi.clearAllMocks();
  });
  return tracker;
}

/** A report as it comes through a proxy that tells nothing of the public host. */
function report(headers: Record<string, string> = {}): Promise<void> {
  const req = {
    method: 'POST',
    url: '/api/successeve',
    headers: {
      host: '127.0.0.1:3000',
      'x-forwarded-proto': 'https',
      origin: 'https://app.example.com',
      'sec-fetch-site': 'same-origin',
      'user-agent': 'Mozilla/5.0 Chrome/156.0.0.0',
      ...headers,
    },
    rawHeaders: [],
    socket: {},
  };
  const res = Object.assign(new EventEmitter(), { statusCode: 204 }) as unknown as ServerResponse;
  const exchange = new ArrivedExchange(req as unknown as IncomingMessage, res, req.url);
  return takeReport(exchange, () => 'https://app.example.com/a');
}

it('says once that a proxy hides the public host, and what to do', async () => {
  const tracker = register();
  await report();
  await report();
  expect(tracker.stats().pageviews).toMatchObject({ recorded: 0, skipped: { cross_site: 2 } });
  expect(logger.warn.mock.calls).toEqual([
    [
      '[successeve] browsers report pages of https://app.example.com, but requests come for https://127.0.0.1:3000, ' +
        'and such a report is not trusted: let your proxy pass Host or X-Forwarded-Host on, or set baseUrl',
    ],
  ]);
});

it('says nothing where another site reports', async () => {
  const tracker = register();
  await report({ 'sec-fetch-site': 'cross-site' });
  await report({ 'sec-fetch-site': 'cross-site', origin: 'null' });
  expect(tracker.stats().pageviews.skipped.cross_site).toBe(2);
  expect(logger.warn).not.toHaveBeenCalled();
});

it('takes the report where baseUrl names the public host', async () => {
  const tracker = register('https://app.example.com');
  await report();
  await vi.waitFor(() => expect(tracker.stats().pageviews.recorded).toBe(1));
  expect(logger.warn).not.toHaveBeenCalled();
});

it('takes the report of a browser that hides the origin, as Firefox does under a policy without referrers', async () => {
  const tracker = register('https://app.example.com');
  await report({ origin: 'null' });
  await vi.waitFor(() => expect(tracker.stats().pageviews.recorded).toBe(1));
});
