import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Http2Bindings, type HttpBindings, serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import {
  type AdapterUnderTest,
  bigPage,
  failure,
  page,
  staticFolder,
  type User,
} from '@successeve/testing/adapter-contract';
import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { browserReports } from './browser-reports.js';
import { tracking } from './tracking.js';

/** What the application of the contract suite keeps of a request. */
export interface SuiteEnv {
  Bindings: HttpBindings;
  Variables: { user: User | undefined; body: unknown };
}

/** The application of the contract suite on a server of Node's, which shows itself, or as on a server of the web's. */
export const mountOn = (server: 'node' | 'web'): AdapterUnderTest<Context<SuiteEnv>> => ({
  userOf: (c) => c.get('user'),
  rawOf: (c) =>
    ({ url: c.req.url.slice(c.req.url.indexOf('/', 8)), headers: headersOf(c) }) as IncomingMessage,
  mount(tracker, options, { mounts, trustsProxy, head, status, authenticate, act }) {
    const app = new Hono<SuiteEnv>();
    app.onError((_, c) => c.text('Internal Server Error', 500));

    if (mounts > 0) app.use(tracking(tracker, options));
    app.use(async (c, next) => {
      c.set('user', await authenticate(headersOf(c), c.var.track));
      await next();
    });
    app.use(async (c, next) => {
      if (c.req.header('content-type') === 'application/json') await c.req.json().catch(() => undefined);
      await next();
    });
    if (options.browser) app.use(browserReports());
    app.use(
      '/static/*',
      serveStatic({ root: staticFolder, rewriteRequestPath: (path) => path.slice('/static'.length) }),
    );

    const section = new Hono<SuiteEnv>();
    if (mounts > 1) section.use(tracking(tracker, options));
    section.get('/page', (c) => c.html(page));
    app.route('/section', section);

    app.get('/page', (c) => c.html(page));
    app.get('/conditional', etag(), (c) => c.html(page));
    app.get('/big', (c) => c.html(bigPage));
    app.get('/json', etag(), (c) => c.json({ a: 'value' }));
    app.get('/redirect', (c) => c.redirect('/page'));
    app.get('/throw', () => {
      throw failure();
    });
    app.get('/reject', async () => {
      await Promise.resolve();
      throw failure();
    });
    app.all('/act', async (c) => {
      const isJson = c.req.header('content-type') === 'application/json';
      await act(c.var.track, isJson ? await c.req.json() : undefined);
      return c.html(page);
    });
    app.get('/stream', () => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('data: the first of many\n\n')),
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    });
    app.get('/write-head', (c) => {
      // Of text, a response would name the type.
      if (server === 'web')
        return new Response(new Blob([page]), { status, headers: head as Record<string, string> });
      c.env.outgoing.writeHead(status, head).end(page);
      return RESPONSE_ALREADY_SENT;
    });

    const handle: Fetch =
      server === 'node'
        ? app.fetch
        : async (request) => {
            const response = await app.fetch(request);
            // The server writes the names of headers in another way once they were read.
            response.headers.has('date');
            return response;
          };
    const fetch = trustsProxy ? behindProxy(handle) : handle;
    return new Promise((resolve) => {
      const listening = serve({ fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
        resolve({
          url: `http://127.0.0.1:${port}`,
          close: () => new Promise((closed) => listening.close(closed)),
        });
      });
    });
  },
});

type Fetch = (request: Request, env: HttpBindings | Http2Bindings) => Response | Promise<Response>;

function headersOf(c: Context): IncomingHttpHeaders {
  return Object.fromEntries(c.req.raw.headers);
}

/** Gives a request the URL that the proxy was asked for, as the README advises. */
function behindProxy(fetch: Fetch): Fetch {
  return (request, env) => {
    const first = (name: string): string | undefined =>
      request.headers.get(name)?.split(',', 1)[0]?.trim() || undefined;
    const { protocol, host, pathname, search } = new URL(request.url);
    const origin = `${first('x-forwarded-proto') ?? protocol.slice(0, -1)}://${first('x-forwarded-host') ?? host}`;
    return fetch(new Request(origin + pathname + search, request), env);
  };
}
