import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { createTracker } from '@successeve/core';
import { startFakeApi } from '@successeve/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { TrackingModule } from './index.js';
import { create, listen, platforms } from './test-platforms.js';

/** A server of the process that no module follows. */
async function startOtherServer(): Promise<Server> {
  const server = createServer((_, res) => res.setHeader('content-type', 'text/html').end('<p>hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return server;
}

it.each(platforms)('a page that never reaches the module is reported once, on $name', async (platform) => {
  const api = await startFakeApi();
  onTestFinished(() => api.close());
  const debug = vi.fn<(line: string) => void>();
  const logger = { debug, warn() {}, error() {} };
  const tracker = createTracker({ apiToken: api.token, apiUrl: api.url, debug: true, logger });
  @Module({ imports: [TrackingModule.forRoot({ tracker, identify: () => null })] })
  class Root {}
  const app = await create(platform, Root);
  onTestFinished(() => app.close());
  await listen(app);

  const { port } = (await startOtherServer()).address() as AddressInfo;
  await fetch(`http://127.0.0.1:${port}/elsewhere`, { headers: { 'sec-fetch-dest': 'document' } });
  await tracker.flush();

  const lines = debug.mock.calls.flat().filter((line) => line.includes('not_followed'));
  expect(lines).toEqual([expect.stringContaining('GET /elsewhere 200: not_followed')]);
});
