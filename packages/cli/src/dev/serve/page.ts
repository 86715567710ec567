import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import type { Desk } from '../api/dev-api.js';
import { readFaults } from '../api/faults.js';
import type { PageFiles } from './page-files.js';
import { isFromPage, securityHeaders } from './security.js';
import { Listener } from './stream.js';

type Env = { Bindings: HttpBindings };

const KIB = 1024;

/** Answers the page, and whatever is below `/dev/`. */
export function pageListener(
  desk: Desk,
  files: PageFiles,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) c.res.headers.set(name, value);
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
  });

  app.get('/dev/hello', (c) => c.json(desk.hello()));

  app.get('/dev/stream', (c) => {
    const listener = new Listener(
      c.env.outgoing,
      desk,
      c.req.header('last-event-id') ?? c.req.query('after'),
    );
    const unfollow = desk.follow(() => listener.tell());
    c.env.outgoing.once('close', unfollow);
    return RESPONSE_ALREADY_SENT;
  });

  app.get('/dev/requests/:id{[0-9]+}', (c) => {
    const details = desk.details(Number(c.req.param('id')));
    return details ? c.json(details) : problem(c, 404, 'This request is no longer kept.');
  });

  app.put('/dev/faults', limit(16 * KIB), async (c) => {
    if (!isFromPage(c.env.incoming)) return notFromPage(c);
    const body = await readJson(c);
    if (body === undefined) return notJson(c);
    try {
      desk.setFaults(readFaults(body));
    } catch (error) {
      return problem(c, 400, (error as Error).message);
    }
    return c.body(null, 204);
  });

  app.delete('/dev/entries', (c) => {
    if (!isFromPage(c.env.incoming)) return notFromPage(c);
    desk.store.clear();
    return c.body(null, 204);
  });

  app.post('/dev/reports', limit(4096 * KIB), async (c) => {
    const wrongToken = desk.problemOfToken(c.env.incoming);
    if (wrongToken !== undefined) return problem(c, 401, wrongToken);
    const body = await readJson(c);
    if (body === undefined) return notJson(c);
    desk.report(body);
    return c.body(null, 204);
  });

  app.get('*', compress(), (c) => {
    const { path } = c.req;
    const isFile = path.slice(path.lastIndexOf('/')).includes('.');
    const file = files.get(isFile ? path : '/index.html');
    if (!file || path.startsWith('/dev/')) return problem(c, 404, 'There is nothing here.');
    if (c.req.header('if-none-match') === file.headers.etag) return c.body(null, 304, file.headers);
    return c.body(file.body, 200, file.headers);
  });

  app.notFound((c) => problem(c, 404, 'There is nothing here.'));

  // The global classes are left as they are: what runs in this process besides is not ours.
  return getRequestListener(app.fetch, { overrideGlobalObjects: false });
}

function limit(maxSize: number): ReturnType<typeof bodyLimit> {
  return bodyLimit({ maxSize, onError: (c) => problem(c, 413, `Expected at most ${maxSize} bytes.`) });
}

/** The body as JSON; undefined where it is none, or does not say that it is. */
async function readJson(c: Context<Env>): Promise<unknown> {
  if (!/^application\/json *(;|$)/i.test(c.req.header('content-type') ?? '')) return undefined;
  return c.req.json().catch(() => undefined);
}

function notJson(c: Context<Env>): Response {
  return problem(c, 415, 'Expected JSON, and Content-Type: application/json.');
}

function notFromPage(c: Context<Env>): Response {
  return problem(
    c,
    403,
    'Only the page itself may do this: expected Sec-Fetch-Site: same-origin, or its Origin.',
  );
}

function problem(c: Context, status: 400 | 401 | 403 | 404 | 413 | 415, message: string): Response {
  return c.json({ status: 'error', message }, status);
}
