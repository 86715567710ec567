import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { browserReports, type TrackingOptions, tracking } from '@successeve/express';
import { createRecorder, type Recorder, reportEvent, reportPage } from '@successeve/testing';
import express, { type Express, type Request } from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import '@successeve/testing/vitest';

function createApp(
  recorder: Recorder,
  browser: TrackingOptions<Request>['browser'],
  ...before: RequestListener[]
): Express {
  const identify = (req: Request) => ({ contactUid: req.get('x-user') ?? '' });
  return express()
    .use(tracking(recorder, { browser, identify }))
    .use(...before.map((answer) => answer as express.RequestHandler), browserReports());
}

async function listen(app: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const silent = createRecorder({ logger: { debug() {}, warn() {}, error() {} } });
const headers = { 'X-User': '7' };

it('sends what the script sends', async () => {
  const requests: { request: IncomingMessage; body: unknown }[] = [];
  const { url } = await listen(async (request, response) => {
    requests.push({ request, body: JSON.parse(await text(request)) });
    response.writeHead(204).end();
  });

  await reportPage(url, '/inbox?tab=new#/a', { headers: { Cookie: 'user=7', 'User-Agent': 'mine' } });
  await reportPage(url, '/inbox#/a', { first: true });
  await reportEvent(url, 'filter_saved', { params: { filter: 'overdue' }, path: '/app/seen' });

  expect(requests.map(({ request: { method, url }, body }) => [method, url, body])).toEqual([
    ['POST', '/seen', { page: '/inbox?tab=new#/a', age: 0 }],
    ['POST', '/seen', { page: '/inbox#/a', age: 0, first: { document: '/inbox', since: 0 } }],
    ['POST', '/app/seen', { event: 'filter_saved', params: { filter: 'overdue' }, age: 0 }],
  ]);
  expect(requests[0]?.request.headers).toMatchObject({
    'content-type': 'text/plain;charset=UTF-8',
    'sec-fetch-dest': 'empty',
    'sec-fetch-mode': 'cors',
    'sec-fetch-site': 'same-origin',
    cookie: 'user=7',
    origin: url,
    'user-agent': 'mine',
  });
});

describe('the application', () => {
  it('is its URL, its server, or a function that answers requests', async () => {
    const recorder = createRecorder();
    const app = createApp(recorder, true);
    const { server, url } = await listen(app);
    const resting = createServer(app);

    for (const target of [url, new URL(url), `${url}/`, server, resting, app]) {
      await reportPage(target, '/inbox', { headers });
    }
    await recorder.flush();

    expect(recorder.pageviews).toHaveLength(6);
    expect([server.listening, resting.listening]).toEqual([true, false]);
  });

  it('may be behind a prefix', async () => {
    const recorder = createRecorder();
    const { url } = await listen(express().use('/app', createApp(recorder, { path: '/app/seen' })));

    await reportPage(`${url}/app/`, '/inbox', { headers });
    await recorder.flush();

    expect(recorder).toHavePageview('/inbox', { contactUid: 7 });
  });
});

it('reports a first page, which the server counts itself unless it leaves the document to the browser', async () => {
  const recorder = createRecorder();
  const app = createApp(recorder, { documents: ['/app'] });

  await reportPage(app, '/', { headers, first: true });
  await reportPage(app, '/app/inbox', { headers, first: true });
  await recorder.flush();

  expect(recorder.pageviews).toHaveLength(1);
  expect(recorder).toHavePageview('/app/inbox');
  expect(recorder.stats().pageviews.skipped).toMatchObject({ answered: 1 });
});

describe('a report that the application does not take', () => {
  it.each<[string, Express, string]>([
    ['without browserReports()', express(), '404: browserReports() is not mounted, or'],
    ['with another path', createApp(createRecorder(), { path: '/pages' }), '404: browserReports() is not'],
    [
      'behind a sign-in',
      createApp(silent, true, (_, response) => response.writeHead(302).end()),
      '302: a check for sign-in or CSRF stands before browserReports()',
    ],
    [
      'behind a broken middleware',
      createApp(silent, true, (_, response) => response.writeHead(500).end()),
      '500: browserReports() did not answer it',
    ],
  ])('throws %s', async (_, app, message) => {
    await expect(reportPage(app, '/inbox', { headers })).rejects.toThrow(
      new RegExp(`^POST http://127.0.0.1:\\d+/seen: expected 204, got ${message.replace('()', '\\(\\)')}`),
    );
  });

  it('throws where nothing listens', async () => {
    const { server, url } = await listen(() => {});
    await new Promise((resolve) => server.close(resolve));

    await expect(reportEvent(url, 'filter_saved')).rejects.toThrow(
      `POST ${url}/seen: expected 204, got no response: ECONNREFUSED`,
    );
  });
});

it('throws for a page, a target or an option that it cannot send', async () => {
  const app = createApp(createRecorder(), true);

  await expect(reportPage(app, 'https://example.com/inbox')).rejects.toThrow(
    "page: expected a path such as '/inbox', got 'https://example.com/inbox'",
  );
  await expect(reportPage('localhost:3000', '/inbox')).rejects.toThrow(
    "target: expected a URL such as 'http://localhost:3000', got 'localhost:3000'",
  );
  await expect(reportPage(app, '/inbox', { header: headers } as object)).rejects.toThrow(
    'options: expected headers, path, first, got header',
  );
});
