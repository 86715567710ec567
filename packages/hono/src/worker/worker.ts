import { Hono } from 'hono';
import { browserReports, createTracker, currentTrack, tracking } from '../index.js';

interface Env {
  Bindings: { readonly ELSEWHERE: string };
  Variables: { user: { id: string } | undefined };
}

// At the global scope, where Workers forbid timers, requests and random numbers.
declare const API_URL: string;
declare const WITH_CONTEXT: boolean;

const tracker = createTracker({
  apiToken: 'the-token-of-the-suite',
  apiUrl: API_URL,
  retry: { minDelayMs: 50, maxDelayMs: 200 },
});

const app: Hono<Env> = new Hono<Env>();
app.use(
  tracking(tracker, {
    async identify(c) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      const user = c.get('user');
      return user && { contactUid: user.id };
    },
    browser: true,
    context: WITH_CONTEXT,
  }),
);
app.use(async (c, next) => {
  const id = c.req.header('x-user');
  c.set('user', id ? { id } : undefined);
  await next();
});
app.use(browserReports());

app.get('/page', (c) => c.html('<p>A page.</p>'));
app.post('/act', async (c) => {
  c.var.track.event('step_taken', { params: await c.req.json() });
  return c.json({ isCurrent: currentTrack() === c.var.track });
});
app.get('/stream', (c) => {
  const { readable, writable } = new TransformStream();
  c.executionCtx.waitUntil(
    (async () => {
      const writer = writable.getWriter();
      for (const part of ['<p>first', ' second', ' third</p>']) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        await writer.write(new TextEncoder().encode(part));
      }
      await writer.close();
      c.var.track.event('stream_ended');
    })(),
  );
  return new Response(readable, { headers: { 'content-type': 'text/html' } });
});
app.get('/fetched', (c) => fetch(c.env.ELSEWHERE));
app.get('/upgrade', () => {
  const { 0: client, 1: server } = new (
    globalThis as unknown as { WebSocketPair: new () => { 0: WebSocket; 1: WebSocket & { accept(): void } } }
  ).WebSocketPair();
  server.accept();
  server.send('hello');
  return new Response(null, { status: 101, webSocket: client } as ResponseInit);
});
app.get('/stats', (c) => c.json(tracker.stats()));

export default app;
