import { createReadStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { PassThrough, Readable } from 'node:stream';
import { createTracker } from '@successeve/core';
import {
  type Given,
  listen,
  openSite,
  page,
  type Site,
  staticFolder,
} from '@successeve/testing/adapter-contract';
import type Koa from 'koa';
import type { Context, Middleware, Next, ParameterizedContext, Request } from 'koa';
import mount from 'koa-mount';
import passport from 'koa-passport';
import session from 'koa-session';
import serve from 'koa-static';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import type * as OurPackage from './index.js';
import { type RequestTrack, type TrackingOptions, tracking } from './index.js';
import { majors } from './majors.js';

const require = createRequire(import.meta.url);

function sendPage(ctx: ParameterizedContext): void {
  ctx.body = page;
}

/** The cookies that an answer sets, as the next request sends them. */
function cookiesOf({ headers }: Awaited<ReturnType<Site['get']>>): { cookie: string } {
  const cookies = headers['set-cookie'] ?? [];
  return { cookie: cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ') };
}

describe.each(majors)('%s only:', (_, Application, differences) => {
  /** Opens a site with an application of the test's own. */
  function open(build: (app: Koa, track: Middleware) => void, given: Given<Context> = {}): Promise<Site> {
    return openSite(
      {
        userOf: () => ({ id: 'ada', orgId: 'org-of-ada' }),
        rawOf: (ctx) => ctx.req,
        mount(tracker, options) {
          const app = new Application();
          app.silent = true;
          build(app, tracking(tracker, options));
          return listen(app.callback());
        },
      },
      given,
    );
  }

  describe('ctx.track', () => {
    it('is the same object as ctx.req.track and ctx.request.track, in every middleware', async () => {
      const found: RequestTrack[] = [];
      const look = (ctx: ParameterizedContext, next: Next): Promise<unknown> => {
        found.push(ctx.track, ctx.request.track, ctx.req.track);
        return next();
      };
      const site = await open((app, track) => {
        app.use(track).use(look).use(mount('/section', look)).use(sendPage);
      });

      await site.get('/section/page');

      expect(found).toHaveLength(6);
      expect(new Set(found).size).toBe(1);
      expect(found[0]).toMatchObject({ event: expect.any(Function), skip: expect.any(Function) });
    });

    it('belongs to one request alone', async () => {
      const found: RequestTrack[] = [];
      const contexts: object[] = [];
      const site = await open((app, track) => {
        contexts.push(app.context, app.request);
        app.use(track).use((ctx) => {
          found.push(ctx.track);
        });
      });

      for (const _ of [1, 2]) await site.get();

      expect(new Set(found).size).toBe(2);
      for (const shared of contexts) expect(shared).not.toHaveProperty('track');
    });

    it('is there where the application handles its errors', async () => {
      const site = await open((app, track) => {
        app.use(track).use(() => {
          throw new Error('the handler failed');
        });
        app.on('error', (_error: Error, ctx: Context) => ctx.track.event('error_seen'));
      });

      await site.get();
      await site.flush();

      expect(site.api.events).toMatchObject([{ event_uid: 'error_seen', contact_uid: 'ada' }]);
    });
  });

  describe('the status that counts', () => {
    it('is what the handler answers by itself, long after the middleware, with ctx.respond = false', async () => {
      let answer = (): void => {};
      const returned = vi.fn();
      const site = await open((app, track) => {
        app.use(async (ctx, next) => {
          await next();
          returned(ctx.status);
          answer();
        });
        app.use(track).use((ctx) => {
          ctx.respond = false;
          answer = () => ctx.res.writeHead(ctx.path === '/page' ? 200 : 410).end(page);
        });
      });

      expect(await site.get('/page')).toMatchObject({ status: 200 });
      expect(await site.get('/gone')).toMatchObject({ status: 410 });
      await site.flush();

      expect(returned.mock.calls).toEqual([[404], [404]]);
      expect(site.visitUrls).toEqual([`${site.url}/page`]);
      expect(site.outcome).toEqual({ recorded: 1, skipped: { status: 1 } });
    });

    it('is what a middleware above ours makes of the answer', async () => {
      const site = await open((app, track) => {
        app.use(async (ctx, next) => {
          await next();
          if (ctx.path === '/forbidden') ctx.status = 403;
          if (ctx.path === '/json') ctx.body = {};
          if (ctx.path === '/throw') throw new Error('the middleware failed');
        });
        app.use(track).use(sendPage);
      });

      for (const path of ['/page', '/forbidden', '/json', '/throw']) await site.get(path);
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/page`]);
      expect(site.outcome).toEqual({ recorded: 1, skipped: { status: 2, not_html: 1 } });
    });

    it.each([
      ['above', true],
      ['below', false],
    ])('is that of the page by which a middleware %s ours answers an error', async (_, isAbove) => {
      const handleErrors: Middleware = async (ctx, next) => {
        try {
          await next();
        } catch {
          ctx.status = ctx.path === '/sorry' ? 200 : 503;
          ctx.body = page;
        }
      };
      const site = await open((app, track) => {
        for (const use of isAbove ? [handleErrors, track] : [track, handleErrors]) app.use(use);
        app.use((ctx) => ctx.throw(500));
      });

      for (const path of ['/page', '/sorry']) await site.get(path);
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/sorry`]);
      expect(site.outcome).toEqual({ recorded: 1, skipped: { status: 1 } });
    });

    it('is what ctx.throw answers', async () => {
      const site = await open((app, track) => app.use(track).use((ctx) => ctx.throw(403)));

      expect(await site.get()).toMatchObject({ status: 403 });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { status: 1 } });
    });
  });

  describe('a body that is a stream', () => {
    it('counts when it was sent to its end', async () => {
      const site = await open((app, track) =>
        app.use(track).use((ctx) => {
          ctx.type = 'html';
          ctx.body =
            ctx.path === '/file' ? createReadStream(`${staticFolder}/page.html`) : Readable.from([page]);
        }),
      );

      for (const path of ['/file', '/generated']) expect(await site.get(path)).toMatchObject({ status: 200 });
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/file`, `${site.url}/generated`]);
    });

    it('does not count where the file is missing', async () => {
      const site = await open((app, track) =>
        app.use(track).use((ctx) => {
          ctx.type = 'html';
          ctx.body = createReadStream(`${staticFolder}/missing.html`);
        }),
      );

      const answer = site.get();
      if (differences.survivesBrokenBodies) expect(await answer).toMatchObject({ status: 404 });
      else await expect(answer).rejects.toThrow();
      await site.flush();

      const reason = differences.survivesBrokenBodies ? 'status' : 'aborted';
      expect(site.outcome).toEqual({ recorded: 0, skipped: { [reason]: 1 } });
    });

    it('does not count where it breaks off in the middle', async () => {
      const body = new PassThrough();
      body.write(page);
      const site = await open((app, track) =>
        app.use(track).use((ctx) => {
          ctx.type = 'html';
          ctx.body = body;
        }),
      );

      const visit = site.start({ path: '/page' });
      await visit.begun;
      body.destroy(new Error('the source failed'));
      if (differences.survivesBrokenBodies) visit.abort();
      await expect(visit.answer).rejects.toThrow();
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { aborted: 1 } });
    });

    it('does not count where the visitor leaves', async () => {
      const body = new PassThrough();
      body.write(page);
      const site = await open((app, track) =>
        app.use(track).use((ctx) => {
          ctx.type = 'html';
          ctx.body = body;
        }),
      );

      const visit = site.start({ path: '/page' });
      await visit.begun;
      visit.abort();
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { aborted: 1 } });
    });

    it.skipIf(differences.sendsNoWebStreams)(
      `counts where it is one of the web${because(differences.sendsNoWebStreams)}`,
      async () => {
        const type = 'text/html';
        const bodies: Record<string, () => unknown> = {
          '/blob': () => new Blob([page], { type }),
          '/response': () => new Response(page, { headers: { 'content-type': type } }),
          '/stream': () => new Blob([page]).stream(),
          '/json': () => Response.json({}),
        };
        const site = await open((app, track) =>
          app.use(track).use((ctx) => {
            if (ctx.path === '/stream') ctx.type = type;
            ctx.body = bodies[ctx.path]?.();
          }),
        );

        for (const path of Object.keys(bodies)) expect(await site.get(path)).toMatchObject({ status: 200 });
        await site.flush();

        expect(site.visitUrls).toEqual(['/blob', '/response', '/stream'].map((path) => site.url + path));
        expect(site.outcome).toEqual({ recorded: 3, skipped: { not_html: 1 } });
      },
    );
  });

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

    it('is that of the request as it came, whatever a middleware below makes of it', async () => {
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

    it('has nothing to do with the Origin header, which is what ctx.origin answers in Koa 3', async () => {
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

  describe('koa-static', () => {
    it.each([
      ['above', true],
      ['below', false],
    ])('serves pages, which count, and other files, which do not: ours is %s', async (_, isAbove) => {
      const site = await open((app, track) => {
        const files = serve(staticFolder, { index: 'page.html', extensions: ['html'] });
        for (const use of isAbove ? [track, files] : [files, track]) app.use(use);
      });

      for (const path of ['/', '/page.html', '/page', '/style.css']) {
        expect(await site.get(path)).toMatchObject({ status: 200 });
      }
      expect(await site.get('/missing.html')).toMatchObject({ status: 404 });
      await site.flush();

      expect(site.outcome).toEqual(
        isAbove
          ? { recorded: 3, skipped: { not_html: 1, status: 1 } }
          : // What koa-static finds never comes as far as a middleware below it.
            { recorded: 0, skipped: { status: 1 } },
      );
    });
  });

  describe('identify', () => {
    it('finds the user of koa-session, whichever of the two is first', async () => {
      for (const isFirst of [true, false]) {
        const site = await open(
          (app, track) => {
            app.keys = ['a key'];
            const sessions = session(app);
            for (const use of isFirst ? [track, sessions] : [sessions, track]) app.use(use);
            app.use((ctx) => {
              if (ctx.path === '/login') ctx.session = { userId: 42 };
              if (ctx.path === '/logout') ctx.session = null;
              ctx.body = page;
            });
          },
          { tracking: { identify: ({ session }) => session && { contactUid: session.userId } } },
        );

        await site.get('/page');
        const signedIn = cookiesOf(await site.get('/login'));
        await site.get('/page', signedIn);
        await site.get('/logout', signedIn);
        await site.flush();

        expect(site.api.pageviews).toMatchObject([
          { contact_uid: '42', params: { visit_url: `${site.url}/login` } },
          { contact_uid: '42', params: { visit_url: `${site.url}/page` } },
        ]);
        expect(site.outcome).toEqual({ recorded: 2, skipped: { no_contact: 2 } });
        expect(site.errors).toEqual([]);
      }
    });

    it('finds the user of koa-passport', async () => {
      passport.serializeUser<string>((user, done) => done(null, (user as { id: string }).id));
      passport.deserializeUser<string>((id, done) => done(null, { id, orgId: `org-of-${id}` }));
      const site = await open(
        (app, track) => {
          app.keys = ['a key'];
          app.use(track).use(session(app)).use(passport.initialize()).use(passport.session());
          app.use(async (ctx) => {
            if (ctx.path === '/login') await ctx.login({ id: 'grace' });
            ctx.body = page;
          });
        },
        {
          tracking: {
            identify: ({ state: { user } }) => user && { contactUid: user.id, accountUid: user.orgId },
          },
        },
      );

      await site.get('/page');
      const signedIn = cookiesOf(await site.send({ method: 'POST', path: '/login' }));
      await site.get('/page', signedIn);
      await site.flush();

      expect(site.api.pageviews).toMatchObject([
        { contact_uid: 'grace', params: { account_uid: 'org-of-grace' } },
      ]);
      expect(site.outcome).toEqual({ recorded: 1, skipped: { no_contact: 1, method: 1 } });
    });
  });

  it('counts once where the ESM and the CommonJS build are both mounted', async () => {
    const builtForCommonJs = require('../dist/index.cjs') as typeof OurPackage;
    const options: TrackingOptions<Context> = { identify: () => ({ contactUid: 'ada' }) };
    const other = createTracker({
      apiToken: 'another',
      transport: { send: vi.fn() },
      logger: { debug() {}, warn() {}, error() {} },
    });
    const site = await open((app, track) => {
      app.use(track).use(builtForCommonJs.tracking(other, options)).use(sendPage);
    });

    await site.get();
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
    expect(other.stats()).toMatchObject({
      accepted: 0,
      pageviews: { recorded: 0, skipped: { duplicate: 1 } },
    });
    await other.close({ timeoutMs: 0 });
  });
});

describe('the types', () => {
  interface State {
    user?: { id: string };
  }
  interface Custom {
    db: Map<string, string>;
  }

  it('show ctx.track, ctx.request.track and ctx.req.track', () => {
    expectTypeOf<Context['track']>().toEqualTypeOf<RequestTrack>();
    expectTypeOf<Request['track']>().toEqualTypeOf<RequestTrack>();
    expectTypeOf<IncomingMessage['track']>().toEqualTypeOf<RequestTrack>();
    expectTypeOf<Context['req']['track']>().toEqualTypeOf<RequestTrack>();
  });

  it('show ctx.track beside a state and a context of the application’s own, whose app takes the middleware', () => {
    expectTypeOf<ParameterizedContext<State, Custom>['track']>().toEqualTypeOf<RequestTrack>();
    expectTypeOf<Koa<State, Custom>['use']>().toBeCallableWith(
      tracking(createTracker({ enabled: false }), { identify: () => null }),
    );
  });

  it('show Koa’s own context to callbacks', () => {
    expectTypeOf(tracking).returns.toEqualTypeOf<Middleware>();
    expectTypeOf(tracking).parameter(1).toEqualTypeOf<TrackingOptions<Context>>();
    expectTypeOf<Parameters<TrackingOptions<Context>['identify']>>().toEqualTypeOf<[Context]>();
  });
});

/** A test that is left out says why. */
function because(reason: string | undefined): string {
  return reason ? ` (not here: ${reason})` : '';
}
