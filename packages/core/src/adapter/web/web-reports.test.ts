import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createTracker } from '../../tracker/tracker.js';
import { followedRequest } from '../followed-request.js';
import { trackWebRequests } from './track-web-requests.js';
import { WebExchange } from './web-exchange.js';
import { webReports } from './web-reports.js';

const headers = {
  'sec-fetch-site': 'same-origin',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0',
};

function open() {
  const warn = vi.fn();
  const tracker = createTracker({
    transport: { send: async () => ({ status: 'delivered' }) },
    logger: { debug() {}, warn, error() {} },
    flushOnExit: false,
  });
  const track = trackWebRequests<Request>(tracker, {
    identify: () => ({ contactUid: 'ada' }),
    browser: true,
  });
  return {
    tracker,
    track,
    warn,
    handle: (
      path: string,
      init: RequestInit,
      respond: (request: Request) => Response | Promise<Response>,
    ) => {
      const request = new Request(`https://app.example.com${path}`, { headers, ...init });
      return track(new WebExchange(request, request), () => respond(request));
    },
  };
}

const own = (): Response => new Response("the application's own", { status: 404 });
const report = { method: 'POST', body: '{"page":"/inbox","age":0}' };

// First, since what takes reports is there for the whole process.
it('where nothing takes reports, the script is not served, and one warning says so', async () => {
  const { handle, warn } = open();

  for (const _ of [1, 2])
    expect(await (await handle('/seen.js', {}, own)).text()).toBe("the application's own");

  expect(warn.mock.calls).toEqual([[expect.stringContaining('nothing takes the reports')]]);
});

it('serves the script as soon as something takes reports, and takes them', async () => {
  const { handle, tracker, warn } = open();
  const answerReport = webReports();
  const respond = (request: Request): Response | Promise<Response> => answerReport(request) ?? own();

  expect((await handle('/seen.js', {}, respond)).headers.get('content-type')).toContain('javascript');
  expect((await handle('/seen', report, respond)).status).toBe(204);
  expect((await handle('/act', report, respond)).status).toBe(404);
  expect(tracker.stats().pageviews.recorded).toBe(1);
  expect(warn).not.toHaveBeenCalled();
});

it('takes a body that the application has read', async () => {
  const { handle, tracker } = open();
  const answerReport = webReports();

  await handle('/seen', report, async (request) => {
    const parsed = await request.json();
    return answerReport(request, async () => parsed) ?? own();
  });

  expect(tracker.stats().pageviews.recorded).toBe(1);
});

it('finds a report by its Request where Node’s request stands for it', async () => {
  const { tracker, track } = open();
  const answerReport = webReports();
  const server = createServer(async (req, res) => {
    const request = new Request(`http://${req.headers.host}${req.url}`, { method: 'POST', headers });
    const { status } = await track(new WebExchange(request, request, { node: { req, res } }), () => {
      expect(followedRequest(req)).toBeDefined();
      return answerReport(request) ?? own();
    });
    res.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');

  const { port } = server.address() as AddressInfo;
  expect((await fetch(`http://127.0.0.1:${port}/seen`, report)).status).toBe(204);
  expect(tracker.stats().pageviews.recorded).toBe(1);
});
