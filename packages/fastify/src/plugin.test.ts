import { createRequire } from 'node:module';
import { createRecorder } from '@successeve/testing';
import { page } from '@successeve/testing/adapter-contract';
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type * as OurPackage from './index.js';
import { createTracker, type TrackingPluginOptions, tracking } from './index.js';
import { navigation, open, openOwn, sendPage } from './test-site.js';

const require = createRequire(import.meta.url);

describe('the plugin', () => {
  it('follows what is registered after it: routes, plugins with a prefix and plugins inside those', async () => {
    const site = await open((app) => {
      app.get('/page', sendPage);
      app.register(
        async (mail) => {
          mail.get('/page', sendPage);
          mail.register(async (inbox) => void inbox.get('/:id', sendPage), { prefix: '/inbox' });
        },
        { prefix: '/mail' },
      );
    });

    const paths = ['/page', '/mail/page', '/mail/inbox/1?tab=2'];
    for (const path of paths) await site.get(path);
    await site.flush();

    expect(site.visitUrls).toEqual(paths.map((path) => site.url + path));
  });

  it('follows what is registered before it too', async () => {
    const site = await openOwn((app, options) => {
      const sendTracked = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
        request.track.event('page_made');
        return sendPage(request, reply);
      };
      app.get('/page', sendTracked);
      app.register(async (mail) => void mail.get('/page', sendTracked), { prefix: '/mail' });
      app.register(tracking, options);
    });

    const paths = ['/page', '/mail/page'];
    for (const path of paths) await site.get(path);
    await site.flush();

    expect(site.visitUrls).toEqual(paths.map((path) => site.url + path));
    expect(site.api.events).toHaveLength(4);
  });

  it('follows one part of the application, where it is registered in that', async () => {
    const site = await openOwn((app, options) => {
      app.get('/page', sendPage);
      app.register(
        async (mail) => {
          mail.register(tracking, options);
          mail.get('/page', sendPage);
        },
        { prefix: '/mail' },
      );
    });

    for (const path of ['/page', '/mail/page']) await site.get(path);
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/mail/page`]);
    expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
  });

  it('is known to Fastify by its name', async () => {
    const app = fastify().register(tracking, { tracker: createRecorder(), identify: () => null });
    await app.ready();

    expect(app.hasPlugin('@successeve/fastify')).toBe(true);
    expect(app.printPlugins()).toContain('@successeve/fastify');
    await app.close();
  });

  it.each<[string, object]>([
    ['tracker: expected what createTracker returned', { identify: () => null }],
    ['identify: expected a function', { tracker: createRecorder() }],
  ])('with wrong options keeps the application from starting: %s', async (message, options) => {
    const app = fastify().register(tracking, options as TrackingPluginOptions);

    await expect(app.ready()).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringContaining(message),
    });
  });

  it('counts once where the ESM and the CommonJS build are both registered', async () => {
    const builtForCommonJs = require('../dist/index.cjs') as typeof OurPackage;
    const other = createTracker({
      apiToken: 'another',
      transport: { send: vi.fn() },
      logger: { debug() {}, warn() {}, error() {} },
    });
    const site = await open((app) => {
      app.register(builtForCommonJs.tracking, { tracker: other, identify: () => ({ contactUid: 'ada' }) });
      app.get('/page', sendPage);
    });

    await site.get();
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
    expect(other.stats().pageviews).toMatchObject({ recorded: 0, skipped: { duplicate: 1 } });
  });
});

describe('inject()', () => {
  it('is followed like any request: a page counts where it is asked for as browsers do', async () => {
    const tracker = createRecorder();
    const app = fastify().register(tracking, { tracker, identify: () => ({ contactUid: 'ada' }) });
    app.get('/page', (request, reply) => {
      request.track.event('page_made');
      return sendPage(request, reply);
    });
    onTestFinished(() => app.close());

    for (const headers of [navigation, {}]) {
      expect(await app.inject({ url: '/page', headers })).toMatchObject({ statusCode: 200, payload: page });
    }
    await tracker.flush();

    expect(tracker.pageviews).toMatchObject([{ contactUid: 'ada', visitUrl: 'http://localhost/page' }]);
    expect(tracker.events.filter(({ eventUid }) => eventUid === 'page_made')).toHaveLength(2);
    expect(tracker.stats().pageviews.skipped).toMatchObject({ not_a_page: 1 });
  });
});
