import { PassThrough } from 'node:stream';
import etag from '@koa/etag';
import Router from '@koa/router';
import {
  type AdapterUnderTest,
  bigPage,
  failure,
  listen,
  page,
  staticFolder,
  type User,
} from '@successeve/testing/adapter-contract';
import type Koa from 'koa';
import type { Context } from 'koa';
import bodyParser from 'koa-bodyparser';
import conditional from 'koa-conditional-get';
import mount from 'koa-mount';
import serve from 'koa-static';
import { browserReports } from './browser-reports.js';
import { tracking } from './tracking.js';

/** The application of the contract suite, on one major of Koa. */
export function mountOn(Application: typeof Koa): AdapterUnderTest<Context> {
  return {
    userOf: (ctx): User | undefined => ctx.state.user,
    rawOf: (ctx) => ctx.req,
    mount(tracker, options, { mounts, trustsProxy, head, status, authenticate, act }) {
      const app = new Application();
      app.silent = true;
      app.proxy = trustsProxy;

      if (mounts > 0) app.use(tracking(tracker, options));
      app.use(async (ctx, next) => {
        ctx.state.user = await authenticate(ctx.headers, ctx.track);
        await next();
      });
      app.use(bodyParser());
      if (options.browser) app.use(browserReports());
      app.use(mount('/static', serve(staticFolder)));

      const section = new Application();
      if (mounts > 1) section.use(tracking(tracker, options));
      section.use((ctx, next) => {
        if (ctx.path !== '/page') return next();
        ctx.body = page;
      });
      app.use(mount('/section', section));

      const router = new Router();
      router.get('/page', (ctx) => {
        ctx.body = page;
      });
      router.get('/conditional', conditional(), etag(), (ctx) => {
        ctx.body = page;
      });
      router.get('/big', (ctx) => {
        ctx.body = bigPage;
      });
      router.get('/json', conditional(), etag(), (ctx) => {
        ctx.body = { a: 'value' };
      });
      router.get('/redirect', (ctx) => ctx.redirect('/page'));
      router.get('/throw', () => {
        throw failure();
      });
      router.get('/reject', async () => {
        await Promise.resolve();
        throw failure();
      });
      router.all('/act', async (ctx) => {
        await act(ctx.track, ctx.request.body);
        ctx.body = page;
      });
      router.get('/stream', (ctx) => {
        const body = new PassThrough();
        body.write('data: the first of many\n\n');
        ctx.type = 'text/event-stream';
        ctx.body = body;
      });
      router.get('/write-head', (ctx) => {
        ctx.respond = false;
        ctx.res.writeHead(status, head).end(page);
      });
      app.use(router.routes());
      return listen(app.callback());
    },
  };
}
