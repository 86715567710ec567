import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import type { DevApi } from '../api/dev-api.js';
import { readFaults } from '../api/faults.js';
import { readReports } from '../api/reports.js';
import { paths } from '../protocol.js';
import { isFromPage } from './security.js';
import { PageStream } from './stream.js';

type Env = { Bindings: HttpBindings };

const KIB = 1024;

/** Shown where the package was not built. */
const notBuilt = 'The API is running, but its page was not built: run npm run build in packages/cli.';

/** Serves the page, and the paths below `/dev/`. */
export function pageListener(
  devApi: DevApi,
  pageFolder: string | undefined,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const app = new Hono<Env>();

  app.get(paths.hello, (c) => c.json(devApi.hello()));

  app.get(paths.stream, (c) => {
    const stream = new PageStream(
      c.env.outgoing,
      devApi,
      c.req.header('last-event-id') ?? c.req.query('after'),
    );
    const unfollow = devApi.follow(() => stream.update());
    c.env.outgoing.once('close', unfollow);
    return RESPONSE_ALREADY_SENT;
  });

  app.get(`${paths.requests}/:id{[0-9]+}`, (c) => {
    const details = devApi.details(Number(c.req.param('id')));
    return details ? c.json(details) : problem(c, 404, 'This request is no longer kept.');
  });

  app.put(paths.faults, async (c) => {
    if (!isFromPage(c.env.incoming)) return notFromPage(c);
    const body = await readJson(c, 16 * KIB);
    if (body instanceof Response) return body;
    try {
      devApi.setFaults(readFaults(body));
    } catch (error) {
      return problem(c, 400, (error as Error).message);
    }
    return c.body(null, 204);
  });

  app.delete(paths.entries, (c) => {
    if (!isFromPage(c.env.incoming)) return notFromPage(c);
    devApi.store.clear();
    return c.body(null, 204);
  });

  app.post(paths.reports, async (c) => {
    const wrongToken = devApi.problemOfToken(c.env.incoming);
    if (wrongToken !== undefined) return problem(c, 401, wrongToken);
    const body = await readJson(c, 4096 * KIB);
    if (body instanceof Response) return body;
    devApi.store.addReports(readReports(body, Date.now()));
    return c.body(null, 204);
  });

  app.get('/dev/*', (c) => c.notFound());
  if (pageFolder !== undefined && existsSync(pageFolder)) app.get('*', compress(), ...pageFiles(pageFolder));
  else app.get('/', (c) => c.text(notBuilt));

  app.notFound((c) => problem(c, 404, 'Not found.'));

  // Other code may run in this process, so the global classes stay as they are.
  return getRequestListener(app.fetch, { overrideGlobalObjects: false });
}

/** The built page; each path without a file extension is the page itself. */
function pageFiles(root: string): MiddlewareHandler[] {
  return [
    // Weak, since the page is sent compressed or not.
    etag({ weak: true }),
    serveStatic({
      root,
      rewriteRequestPath: (path) => (/\.[^/]*$/.test(path) ? path : '/index.html'),
      // The names of assets hold a hash of their content.
      onFound: (_, c) =>
        c.header(
          'cache-control',
          c.req.path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    }),
  ];
}

/** The body as JSON, or the response to a request without one. */
async function readJson(c: Context<Env>, maxBytes: number): Promise<unknown> {
  const length = c.req.header('content-length');
  if (length === undefined) return problem(c, 411, 'Expected a body, and its Content-Length.');
  if (Number(length) > maxBytes) return problem(c, 413, `Expected at most ${maxBytes} bytes.`);
  const notJson = (): Response => problem(c, 415, 'Expected JSON, and Content-Type: application/json.');
  const isJson = /^application\/json *(;|$)/i.test(c.req.header('content-type') ?? '');
  return isJson ? c.req.json().catch(notJson) : notJson();
}

function notFromPage(c: Context<Env>): Response {
  return problem(
    c,
    403,
    'Only the page itself may do this: expected Sec-Fetch-Site: same-origin, or its Origin.',
  );
}

function problem(c: Context, status: 400 | 401 | 403 | 404 | 411 | 413 | 415, message: string): Response {
  return c.json({ status: 'error', message }, status);
}
