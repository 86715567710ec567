// A web application of one page, which tells a collector of every visit through one library, or of none.
import 'reflect-metadata';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { answerWith } from '../lib/processes.mjs';
import { openSubject } from '../subjects/index.mjs';

const page = `<!doctype html><title>Reports</title><main>${'<p>A report of the week.</p>'.repeat(40)}</main>`;
const identify = () => ({ contactUid: 'contact-1', accountUid: 'account-1' });

/** Visits that were answered to the end. */
let visits = 0;
/** @type {import('../subjects/index.mjs').Subject | undefined} */
let subject;

/** @typedef {import('node:http').RequestListener} RequestListener */

const frameworks = {
  async express() {
    const { default: express } = await import('express');
    const app = express();
    if (subject?.tracker) {
      const { tracking } = await import('@successeve/express');
      app.use(tracking(subject.tracker, { identify }));
    } else if (subject) app.use(asPeersDo(subject));
    app.get('/reports', (_req, res) => {
      res.send(page);
    });
    return listen(createServer(app));
  },

  async koa() {
    const { default: Koa } = await import('koa');
    const app = new Koa();
    if (subject?.tracker) {
      const { tracking } = await import('@successeve/koa');
      app.use(tracking(subject.tracker, { identify }));
    }
    app.use((ctx) => {
      ctx.type = 'html';
      ctx.body = page;
    });
    return listen(createServer(app.callback()));
  },

  async fastify() {
    const { default: Fastify } = await import('fastify');
    const app = Fastify();
    if (subject?.tracker) {
      const { tracking } = await import('@successeve/fastify');
      app.register(tracking, { tracker: subject.tracker, identify });
    }
    app.get('/reports', (_request, reply) => reply.type('text/html').send(page));
    await app.listen({ host: '127.0.0.1', port: 0 });
    return app.server;
  },

  async hono() {
    const { Hono } = await import('hono');
    const { createAdaptorServer } = await import('@hono/node-server');
    const app = new Hono();
    if (subject?.tracker) {
      const { tracking } = await import('@successeve/hono');
      app.use(tracking(subject.tracker, { identify }));
    }
    app.get('/reports', (c) => c.html(page));
    return listen(/** @type {import('node:http').Server} */ (createAdaptorServer(app)));
  },

  nestOnExpress: () => nest(),
  async nestOnFastify() {
    const { FastifyAdapter } = await import('@nestjs/platform-fastify');
    return nest(new FastifyAdapter());
  },

  async next() {
    const next = createRequire(import.meta.url)('next');
    // Next has its own copy of every module; this is how it finds ours.
    Object.assign(globalThis, { benchmarkedTracker: subject?.tracker });
    const app = next({ dev: false, dir: join(import.meta.dirname, '../next') });
    await app.prepare();
    return listen(createServer(app.getRequestHandler()));
  },
};

/**
 * The middleware that one writes for a library that knows no Express.
 *
 * @param {import('../subjects/index.mjs').Subject} peer
 * @returns {import('express').RequestHandler}
 */
function asPeersDo(peer) {
  return (req, res, next) => {
    res.on('finish', () => {
      if (res.statusCode < 300) peer.page('contact-1', `http://${req.headers.host}${req.originalUrl}`);
    });
    next();
  };
}

/** @param {import('@nestjs/platform-fastify').FastifyAdapter} [platform] */
async function nest(platform) {
  const { Controller, Get, Header, Module } = await import('@nestjs/common');
  const { NestFactory } = await import('@nestjs/core');
  const { TrackingModule } = await import('@successeve/nestjs');
  class Reports {
    reports() {
      return page;
    }
  }
  const handler = /** @type {PropertyDescriptor} */ (
    Object.getOwnPropertyDescriptor(Reports.prototype, 'reports')
  );
  for (const decorate of [Get('reports'), Header('content-type', 'text/html')]) {
    decorate(Reports.prototype, 'reports', handler);
  }
  Controller()(Reports);
  class App {}
  Module({
    controllers: [Reports],
    imports: subject?.tracker ? [TrackingModule.forRoot({ tracker: subject.tracker, identify })] : [],
  })(App);
  const app = platform
    ? await NestFactory.create(App, platform, { logger: false })
    : await NestFactory.create(App, { logger: false });
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
}

/** @param {import('node:http').Server} server */
async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

answerWith(async ({ task, framework, name, url, events, patienceMs = 120_000 }) => {
  if (task === 'open') {
    subject = name === 'bare' ? undefined : await openSubject(name, url);
    const server = await frameworks[/** @type {keyof typeof frameworks} */ (framework)]();
    server.on(
      'request',
      (/** @type {unknown} */ _req, /** @type {import('node:http').ServerResponse} */ res) => {
        res.once('finish', () => visits++);
      },
    );
    return { port: server.address().port };
  }
  if (task === 'fill') await fill(events);
  if (task === 'finish') await Promise.race([subject?.finish(), wait(patienceMs)]);
  const { user, system } = process.cpuUsage();
  return { visits, cpuUs: user + system, waiting: subject?.tracker?.stats().queued ?? 0 };
});

/** Records so many pageviews apart from the visits, a few in each turn. @param {number} events */
async function fill(events) {
  for (let i = 0; i < events; i++) {
    subject?.page('contact-1', 'http://127.0.0.1/reports');
    if (i % 100 === 0) await nextTurn();
  }
}
