import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type FakeApi, type FakeApiOptions, startFakeApi } from '@successeve/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundle, startWorker, type Worker } from './start-worker.js';

const token = 'the-token-of-the-suite';
const navigation = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'same-origin',
  'x-user': 'ada',
};

interface Site extends Worker {
  readonly api: FakeApi;
  send(path: string, init?: RequestInit): Promise<Response>;
}

/** Starts the Worker, with the fake API behind it. */
async function open(replies: FakeApiOptions['replies'] = [], withContext = false): Promise<Site> {
  const api = await startFakeApi({ token, replies });
  const elsewhere = createServer((_, res) =>
    res.setHeader('content-type', 'text/html').end('<p>Elsewhere.</p>'),
  );
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    elsewhere.close();
    await api.close();
  });
  const code = await bundle('worker.ts', {
    API_URL: JSON.stringify(api.url),
    WITH_CONTEXT: JSON.stringify(withContext),
  });
  const worker = await startWorker(code, {
    flags: withContext ? ['nodejs_compat'] : [],
    elsewhere: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`,
  });
  const send = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(worker.url + path, { ...init, headers: { ...navigation, ...init.headers } });
  return { ...worker, api, send };
}

describe.each([
  ['without compatibility with Node', false],
  ['with nodejs_compat', true],
])('in workerd, %s', (_, withContext) => {
  it('delivers what a request records after its response', async () => {
    const site = await open([], withContext);

    const page = await site.send('/page');
    expect(await page.text()).toBe('<p>A page.</p>');
    expect(page.headers.get('server-timing')).toMatch(/^seen;desc=\d+$/);
    const act = await site.send('/act', { method: 'POST', body: '{"step":1}' });
    expect(await act.json()).toEqual({ isCurrent: withContext });

    await site.api.waitForEvents(2);
    expect(site.api.events).toMatchObject([
      { contact_uid: 'ada', event_uid: 'pageview', params: { visit_url: `${site.url}/page` } },
      { contact_uid: 'ada', event_uid: 'step_taken', params: { step: 1 } },
    ]);
    expect(site.lines.join('\n')).not.toMatch(/error|exception/i);
  });

  it('delivers what is recorded at the end of a stream', async () => {
    const site = await open([], withContext);

    expect(await (await site.send('/stream')).text()).toBe('<p>first second third</p>');

    await site.api.waitForEvents(2);
    expect(site.api.events.map(({ event_uid }) => event_uid).sort()).toEqual(['pageview', 'stream_ended']);
  });

  it('takes what a browser reports, and serves the script', async () => {
    const site = await open([], withContext);

    const script = await site.send('/seen.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const report = await site.send('/seen', { method: 'POST', body: '{"page":"/inbox","age":0}' });
    expect(report.status).toBe(204);

    await site.api.waitForEvents(1);
    expect(site.api.pageviews).toMatchObject([{ params: { visit_url: `${site.url}/inbox` } }]);
  });
});

describe('in workerd', () => {
  it('passes on a response whose headers cannot be changed', async () => {
    const site = await open();

    const response = await site.send('/fetched');

    expect(await response.text()).toBe('<p>Elsewhere.</p>');
    expect(response.headers.get('server-timing')).toMatch(/^seen/);
    await site.api.waitForEvents(1);
  });

  it('leaves an upgrade to a WebSocket alone', async () => {
    const site = await open();

    const socket = new WebSocket(`${site.url.replace('http', 'ws')}/upgrade`);
    const message = await new Promise((resolve, reject) => {
      socket.addEventListener('message', ({ data }) => resolve(data));
      socket.addEventListener('error', reject);
    });
    socket.close();

    expect(message).toBe('hello');
  });

  it('delivers after an outage, whichever request began to', async () => {
    const site = await open(Array(8).fill(503));

    const pages = Array.from({ length: 20 }, (_, page) => site.send(`/page?page=${page}`));
    for (const page of pages) expect((await page).status).toBe(200);

    await site.api.waitForEvents(20, { timeoutMs: 20_000 });
    const urls = new Set(site.api.pageviews.map(({ params }) => params?.visit_url));
    expect(urls.size).toBe(20);
  });

  it('delivers what many requests record at once', async () => {
    const site = await open();

    for (let round = 0; round < 5; round++) {
      await Promise.all(
        Array.from({ length: 20 }, (_, page) => site.send(`/page?page=${round * 20 + page}`)),
      );
    }

    await site.api.waitForEvents(100, { timeoutMs: 20_000 });
    const stats = async (): Promise<unknown> => (await site.send('/stats')).json();
    await expect
      .poll(stats, { timeout: 10_000 })
      .toMatchObject({ accepted: 100, delivered: 100, queued: 0, inFlight: 0 });
  });
});

it.each([
  ['', 'entry.ts', 26_500],
  [' with browserReports()', 'entry-with-reports.ts', 31_200],
])('is a bundle%s that imports nothing of Node and is no larger than its limit', async (_, entry, bytes) => {
  const code = await bundle(entry);

  expect(code.match(/\bfrom\s*["']|\bimport\s*["'(]|\brequire\s*\(/)).toBeNull();
  expect(code.match(/SIGTERM|bytesWritten/)).toBeNull();
  expect(gzipSync(code).length).toBeLessThan(bytes);
});
