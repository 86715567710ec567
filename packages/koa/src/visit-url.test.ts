import type { Given } from '@successeve/testing/adapter-contract';
import type Koa from 'koa';
import type { Context } from 'koa';
import mount from 'koa-mount';
import { describe, expect, it } from 'vitest';
import { majors } from './majors.js';
import { openOn, sendPage } from './test-site.js';

describe.each(majors)('%s only:', (_, Application) => {
  const open = openOn(Application);

  describe('visit_url', () => {
    it.each([
      ['koa-mount answers, and ours is above', false],
      ['only what koa-mount mounts is tracked', true],
    ])('is the original URL where %s', async (_, isInside) => {
      const site = await open((app, track) => {
        const mail = new Application();
        if (isInside) mail.use(track);
        else app.use(track);
        mail.use(mount('/inbox', sendPage));
        app.use(mount('/mail', mail)).use(sendPage);
      });

      await site.get('/mail/inbox/1?tab=2');
      await site.get('/page');
      await site.flush();

      const all = ['/mail/inbox/1?tab=2', '/page'].map((path) => site.url + path);
      expect(site.visitUrls).toEqual(isInside ? all.slice(0, 1) : all);
    });

    it('is that of the request as it came, also where a middleware below changes it', async () => {
      const site = await open((app, track) => {
        app.use(track).use((ctx, next) => {
          ctx.method = 'GET';
          ctx.url = '/rewritten';
          ctx.request.headers = { accept: 'text/html', host: 'evil.example' };
          return next();
        });
        app.use(sendPage);
      });

      await site.send({ method: 'POST', path: '/form' });
      await site.get('/somewhere');
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/somewhere`]);
      expect(site.outcome).toEqual({ recorded: 1, skipped: { method: 1 } });
    });

    it('is the original URL where a middleware above ours rewrites it', async () => {
      const site = await open((app, track) => {
        app.use((ctx, next) => {
          ctx.url = '/rewritten';
          return next();
        });
        app.use(track).use(sendPage);
      });

      await site.get('/somewhere');
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/somewhere`]);
    });

    it('does not depend on the Origin header, which is what ctx.origin returns in Koa 3', async () => {
      const site = await open((app, track) => app.use(track).use(sendPage));

      await site.get('/page', { origin: 'https://evil.example' });
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/page`]);
    });

    it('follows app.proxy as it is when the request comes', async () => {
      let application: Koa | undefined;
      const site = await open((app, track) => {
        application = app.use(track).use(sendPage);
      });
      const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com' };

      await site.get('/page', forwarded);
      Object.assign(application ?? {}, { proxy: true });
      await site.get('/page', forwarded);
      await site.get('/page', { host: 'app.example.com' });
      await site.flush();

      expect(site.visitUrls).toEqual([
        `${site.url}/page`,
        'https://app.example.com/page',
        'http://app.example.com/page',
      ]);
    });

    it('is missing, and the answer intact, where the application’s own ctx.host throws', async () => {
      const site = await open((app, track) => {
        Object.defineProperty(app.request, 'host', {
          get() {
            throw new Error('a mistake of the customer');
          },
        });
        app.use(track).use(sendPage);
      });

      expect(await site.get()).toMatchObject({ status: 200 });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { no_url: 1 } });
    });
  });

  describe('a warning', () => {
    it('is written once where a proxy is in front that the application does not trust', async () => {
      const site = await open((app, track) => app.use(track).use(sendPage));

      for (const _ of [1, 2]) await site.get('/page', { 'x-forwarded-proto': 'https' });
      await site.flush();

      expect(site.lines).toEqual([expect.stringContaining('app.proxy = true')]);
    });

    it.each<[string, Partial<Koa>, Given<Context>]>([
      ['app.proxy is on', { proxy: true }, {}],
      ['baseUrl says it all', {}, { tracking: { baseUrl: 'https://app.example.com' } }],
    ])('is not written where %s', async (_, settings, given) => {
      const site = await open((app, track) => {
        Object.assign(app, settings).use(track).use(sendPage);
      }, given);

      await site.get('/page', { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com' });
      await site.flush();

      expect(site.lines).toEqual([]);
      expect(site.visitUrls).toEqual(['https://app.example.com/page']);
    });

    it('is not written where nothing is in front, nor where the tracker is off', async () => {
      const site = await open((app, track) => app.use(track).use(sendPage));
      const off = await open((app, track) => app.use(track).use(sendPage), { tracker: { enabled: false } });

      await site.get();
      await off.get('/page', { 'x-forwarded-proto': 'https' });
      await site.flush();

      expect([...site.lines, ...off.lines]).toEqual([]);
    });
  });
});
