import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { createTracker } from '@successeve/core';
import type Koa from 'koa';
import type { Context, Middleware, Next, ParameterizedContext, Request } from 'koa';
import mount from 'koa-mount';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import type * as OurPackage from './index.js';
import { type RequestTrack, type TrackingOptions, tracking } from './index.js';
import { majors } from './majors.js';
import { openOn, sendPage } from './test-site.js';

const require = createRequire(import.meta.url);

describe.each(majors)('%s only:', (_, Application) => {
  const open = openOn(Application);

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

  it('show ctx.track next to a state and a context of the application’s own, whose app takes the middleware', () => {
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
