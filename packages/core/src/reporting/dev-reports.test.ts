import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startFakeApi } from '../../test/fake-api.js';
import { TestExchange } from '../../test/test-exchange.js';
import { trackRequests } from '../adapter.js';
import type { DevReport } from '../dev.js';
import { createTracker, type Tracker, type TrackerOptions } from '../index.js';

const quiet = { debug() {}, warn() {}, error() {} };

const closing: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface DevApi {
  readonly url: string;
  readonly reports: readonly DevReport[];
  readonly requests: readonly IncomingMessage[];
}

/** A local API that takes reports, as `successeve dev` does, and answers everything else with success. */
async function startDevApi(): Promise<DevApi> {
  const reports: DevReport[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    requests.push(request);
    if (request.url !== '/dev/reports') return response.end('{"status":"success"}');
    reports.push(...JSON.parse(body).reports);
    return response.writeHead(204).end();
  });
  return { url: await listen(server), reports, requests };
}

function track(apiUrl: string, options: TrackerOptions = {}): Tracker {
  const tracker = createTracker({
    apiToken: 'secret',
    apiUrl,
    debug: true,
    logger: quiet,
    flushOnExit: false,
    ...options,
  });
  closing.push(() => tracker.close());
  return tracker;
}

/** An application with one page behind the middleware, and one that never reaches it. */
function startApplication(tracker: Tracker): Promise<string> {
  const { follow } = trackRequests<IncomingMessage>(tracker, { identify: () => undefined });
  const server = createServer((req, res) => {
    const { url: target = '' } = req;
    if (!target.startsWith('/unfollowed')) {
      follow(new TestExchange(req, res));
    }
    res.setHeader('content-type', 'text/html').end('<p>hello');
  });
  return listen(server);
}

/** A request with no headers but these; `fetch` would add what browsers say of theirs. */
async function send(url: string, headers: OutgoingHttpHeaders, method = 'GET'): Promise<void> {
  await new Promise((resolve) => {
    request(url, { method, headers, agent: false }, (response) => {
      response.resume().on('end', resolve);
    }).end();
  });
}

const asPage = { accept: 'text/html' };

describe('with debug, reports to an API on loopback', () => {
  it('which requests did not count, and why, without their queries', async () => {
    const api = await startDevApi();
    const site = await startApplication(track(api.url));
    await send(`${site}/nobody?name=ada`, asPage);
    // The first page waits for the list of bots; the form would overtake it.
    await expect.poll(() => api.reports).toHaveLength(1);
    await send(`${site}/posted`, asPage, 'POST');
    await expect.poll(() => api.reports).toHaveLength(2);
    const reported = { type: 'skipped', status: 200, at: expect.any(Number) };
    expect(api.reports).toEqual([
      { ...reported, reason: 'no_contact', method: 'GET', path: '/nobody' },
      { ...reported, reason: 'method', method: 'POST', path: '/posted' },
    ]);
  });

  it('which pages never reached the middleware', async () => {
    const api = await startDevApi();
    const site = await startApplication(track(api.url));
    await send(`${site}/unfollowed/data`, { accept: 'application/json' });
    await send(`${site}/unfollowed?name=ada`, asPage);
    await expect.poll(() => api.reports).not.toEqual([]);
    expect(api.reports).toMatchObject([{ type: 'skipped', reason: 'not_followed', path: '/unfollowed' }]);
  });

  it('name the documents and calls that did not count, by any Accept header', async () => {
    const api = await startDevApi();
    const site = await startApplication(track(api.url));
    await send(`${site}/document`, { accept: '*/*', 'sec-fetch-dest': 'document' });
    const referer = `${site}/inbox?secret=1`;
    await send(`${site}/api/mails`, { accept: '*/*', 'sec-fetch-dest': 'empty', referer });
    await expect.poll(() => api.reports).toHaveLength(2);
    expect(api.reports).toContainEqual(expect.objectContaining({ path: '/document', reason: 'no_contact' }));
    expect(api.reports).toContainEqual(
      expect.objectContaining({ path: '/api/mails', reason: 'not_a_page', page: '/inbox' }),
    );
    expect(JSON.stringify(api.reports)).not.toContain('secret');
  });

  it('of such a page once, however often the tracker is mounted, and of none when it has closed', async () => {
    const api = await startDevApi();
    const tracker = track(api.url);
    const [site, other] = [await startApplication(tracker), await startApplication(tracker)];
    await send(`${site}/unfollowed/1`, asPage);
    await send(`${other}/unfollowed/2`, asPage);
    await expect.poll(() => api.reports.length).toBeGreaterThanOrEqual(2);
    await tracker.close();
    expect(api.reports).toMatchObject([{ path: '/unfollowed/1' }, { path: '/unfollowed/2' }]);
    expect(channel('http.server.response.finish').hasSubscribers).toBe(false);
  });

  it('nothing of the assets of a page', async () => {
    const api = await startDevApi();
    const site = await startApplication(track(api.url));
    await send(`${site}/script.js`, { accept: '*/*', 'sec-fetch-dest': 'script' });
    await send(`${site}/page`, asPage);
    await expect.poll(() => api.reports).not.toEqual([]);
    expect(api.reports).toMatchObject([{ path: '/page' }]);
  });

  it('what was dropped, and of whom', async () => {
    const api = await startDevApi();
    const tracker = track(api.url, { beforeSend: (event) => (event.eventUid === 'scrubbed' ? null : event) });
    tracker.event('Not Valid', { contactUid: 'a' });
    tracker.event('scrubbed', { contactUid: 'b' });
    await expect.poll(() => api.reports).toHaveLength(2);
    expect(api.reports).toMatchObject([
      { type: 'dropped', reason: 'invalid', kind: 'event', eventUid: 'Not Valid', contactUid: 'a' },
      { type: 'dropped', reason: 'before_send', kind: 'event', eventUid: 'scrubbed', contactUid: 'b' },
    ]);
  });

  it('of warnings, once each, and of errors', async () => {
    const api = await startDevApi();
    const { follow } = trackRequests<IncomingMessage>(track(api.url), {
      identify: () => {
        throw new Error('identify broke');
      },
    });
    const headers = { 'x-forwarded-proto': 'http', accept: 'text/html' };
    const open = (): TestExchange => {
      const req = { headers, method: 'GET', url: '/' } as unknown as IncomingMessage;
      return new TestExchange(req, new EventEmitter() as ServerResponse);
    };
    follow(open());
    follow(open()).track.event('x');
    await expect.poll(() => api.reports).toHaveLength(2);
    expect(api.reports).toMatchObject([
      { type: 'warning', code: 'proxy', message: expect.stringContaining('trust it') },
      {
        type: 'error',
        code: 'callback_failed',
        message: 'identify failed with Error',
        cause: 'identify broke',
      },
    ]);
  });

  it('of a site on plain http, to which browsers send no Sec-Fetch headers', async () => {
    const api = await startDevApi();
    const { follow } = trackRequests<IncomingMessage>(track(api.url), { identify: () => null });
    const open = (headers: object): void => {
      const req = { headers, method: 'GET', url: '/' } as unknown as IncomingMessage;
      const exchange = new TestExchange(req, new EventEmitter() as ServerResponse);
      vi.spyOn(exchange, 'origin').mockReturnValue('http://intranet.example');
      follow(exchange);
    };
    open({ accept: 'text/html', 'upgrade-insecure-requests': '1', 'sec-fetch-dest': 'document' });
    open({ accept: 'text/html' });
    open({ accept: 'text/html', 'upgrade-insecure-requests': '1' });
    await expect.poll(() => api.reports).toHaveLength(1);
    expect(api.reports).toMatchObject([{ type: 'warning', code: 'plain_http' }]);
  });

  it.each([
    ['an error', new TypeError("Cannot read properties of undefined (reading 'id')"), 'TypeError'],
    ['what is not an error', "Cannot read properties of undefined (reading 'id')", 'string'],
  ])('why a function of the application threw %s, and so is the log', async (_, thrown, kind) => {
    const api = await startDevApi();
    const error = vi.fn();
    const tracker = track(api.url, {
      logger: { ...quiet, error },
      beforeSend() {
        throw thrown;
      },
    });
    tracker.event('x', { contactUid: 'a' });
    await expect.poll(() => api.reports).toHaveLength(2);
    expect(api.reports).toContainEqual(
      expect.objectContaining({
        type: 'error',
        message: `beforeSend failed with ${kind}`,
        cause: "Cannot read properties of undefined (reading 'id')",
      }),
    );
    expect(error.mock.calls).toEqual([
      [`[successeve] beforeSend failed with ${kind}: Cannot read properties of undefined (reading 'id')`],
    ]);
  });

  it('the last of it before the tracker closes, also while the first of it is under way', async () => {
    const api = await startDevApi();
    const tracker = track(api.url);
    tracker.event('Not Valid', { contactUid: 'a' });
    await expect.poll(() => api.requests).toHaveLength(1);
    tracker.event('Not Valid', { contactUid: 'b' });
    await tracker.close();
    expect(api.reports).toMatchObject([{ contactUid: 'a' }, { contactUid: 'b' }]);
  });

  it('with the token of the tracker', async () => {
    const api = await startDevApi();
    track(api.url).event('Not Valid', { contactUid: 'a' });
    await expect.poll(() => api.requests).toHaveLength(1);
    expect(api.requests[0]?.headers.authorization).toBe(`Basic ${btoa('secret:')}`);
  });
});

describe('reports', () => {
  it('are not sent without debug', async () => {
    const api = await startDevApi();
    const tracker = track(api.url, { debug: false });
    tracker.event('Not Valid', { contactUid: 'a' });
    tracker.event('valid', { contactUid: 'a' });
    await tracker.close();
    expect(api.requests.map(({ url }) => url)).toEqual(['/v1/track/event']);
  });

  it('are asked for by SUCCESSEVE_DEBUG as well', async () => {
    vi.stubEnv('SUCCESSEVE_DEBUG', '1');
    const api = await startDevApi();
    track(api.url, { debug: undefined }).event('Not Valid', { contactUid: 'a' });
    await expect.poll(() => api.reports).toHaveLength(1);
  });

  it('that nothing takes change neither the events nor what a test counts', async () => {
    await using api = await startFakeApi({ token: 'secret' });
    const tracker = track(api.url);
    for (let i = 0; i < 2000; i++) tracker.event('Not Valid', { contactUid: 'a' });
    tracker.event('valid', { contactUid: 'a' });
    await api.waitForRequests(1);
    expect(await tracker.close()).toEqual({ delivered: 1, pending: 0 });
    expect(api.requests).toHaveLength(1);
    expect(tracker.stats().lastError).toBeNull();
  });
});
