import { createRequire } from 'node:module';
import { createTracker } from '@successeve/core';
import type * as Kit from '@successeve/core/adapter';
import { scale } from '@successeve/test-scale';
import {
  type AdapterUnderTest,
  describeAdapter,
  type Given,
  listen,
  openSite,
  page,
  type Site,
} from '@successeve/testing/adapter-contract';
import express5, { type Application, type Request, type RequestHandler, type Response } from 'express';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { currentTrack, type RequestTrack, type TrackingOptions, tracking } from './index.js';
import { mountOn } from './test-application.js';

const require = createRequire(import.meta.url);

// The alias has no types of its own; what the application uses of Express is the same in both.
const express4 = require('express4') as typeof express5;

const majors = [
  ['express 4', express4],
  ['express 5', express5],
] as const;

const newest = majors.at(-1)?.[0];

const sendPage: RequestHandler = (_req, res) => {
  res.send(page);
};

for (const [name, express] of majors) {
  describeAdapter(name, mountOn(express), {}, name === newest ? 'all' : scale('translation', 'all'));

  describe(`${name} only`, () => {
    /** Opens a site with an application of the test's own. */
    const open = (
      build: (app: Application, track: RequestHandler) => void,
      given: Given<Request> = {},
    ): Promise<Site> => {
      const adapter: AdapterUnderTest<Request> = {
        userOf: () => ({ id: 'ada', orgId: 'org-of-ada' }),
        rawOf: (req) => req,
        mount(tracker, options) {
          const app = express();
          app.set('env', 'test');
          build(app, tracking(tracker, options));
          return listen(app);
        },
      };
      return openSite(adapter, given);
    };

    it('warns once where a proxy is in front that the application does not trust', async () => {
      const site = await open((app, track) => app.use(track).get('/page', sendPage));

      for (const visit of [1, 2]) await site.get(`/page?visit=${visit}`, { 'x-forwarded-proto': 'https' });
      await site.flush();

      expect(site.lines).toEqual([expect.stringContaining('trust proxy')]);
      expect(site.visitUrls).toEqual([`${site.url}/page?visit=1`, `${site.url}/page?visit=2`]);
    });

    it.each<[string, unknown, Given<Request>]>([
      ['the application trusts the proxy', 'loopback', {}],
      ['the application trusts one hop', 1, {}],
      ['the application trusts those that its function trusts', () => true, {}],
      ['baseUrl says it all', false, { tracking: { baseUrl: 'https://app.example.com' } }],
    ])('does not warn where %s', async (_, trustProxy, given) => {
      const site = await open(
        (app, track) => app.set('trust proxy', trustProxy).use(track).get('/page', sendPage),
        given,
      );

      await site.get('/page', { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com' });
      await site.flush();

      expect(site.lines).toEqual([]);
      expect(site.visitUrls).toEqual(['https://app.example.com/page']);
    });

    it('leaves the answer intact where the function that trusts proxies throws', async () => {
      const trusts = (): never => {
        throw new Error('a mistake of the customer');
      };
      const site = await open((app, track) =>
        app.set('trust proxy', trusts).use(track).get('/page', sendPage),
      );

      expect(await site.get('/page', { 'x-forwarded-proto': 'https' })).toMatchObject({ status: 200 });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { no_url: 1 } });
    });

    it('keeps the port of the host, and uses nothing that Express deprecates', async () => {
      const deprecated = vi.fn();
      process.on('deprecation', deprecated);
      const site = await open((app, track) => app.set('trust proxy', true).use(track).get('/page', sendPage));

      await site.get('/page', { host: 'app.example.com:8080' });
      await site.get('/page', { 'x-forwarded-host': 'app.example.com:8443' });
      await site.flush();
      process.off('deprecation', deprecated);

      expect(site.visitUrls).toEqual([
        'http://app.example.com:8080/page',
        'http://app.example.com:8443/page',
      ]);
      expect(deprecated).not.toHaveBeenCalled();
    });

    it('records the original URL where only a router is tracked', async () => {
      const site = await open((app, track) => {
        const inner = express.Router().get('/inbox', sendPage);
        const router = express.Router().use(track).use('/mail', inner);
        app.use('/section', router).get('/page', sendPage);
      });

      await site.get('/section/mail/inbox?tab=2');
      await site.get('/page');
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/section/mail/inbox?tab=2`]);
    });

    it('records the original URL and the public host where a sub-application answers', async () => {
      const site = await open((app, track) => {
        const shop = express().get('/cart', sendPage);
        app.set('trust proxy', 'loopback').use(track).use('/shop', shop);
      });

      await site.get('/shop/cart', { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com' });
      await site.flush();

      expect(site.visitUrls).toEqual(['https://app.example.com/shop/cart']);
    });

    it('records the public host where only a sub-application is tracked', async () => {
      const site = await open((app, track) => {
        const shop = express().use(track).get('/cart', sendPage);
        app.set('trust proxy', 'loopback').use('/shop', shop);
      });

      await site.get('/shop/cart', { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com' });
      await site.flush();

      expect(site.visitUrls).toEqual(['https://app.example.com/shop/cart']);
    });

    it.each(['//evil.example/x', 'http://evil.example/x'])(
      'records GET %s as a page here',
      async (target) => {
        const site = await open((app, track) => app.use(track).get(/x$/, sendPage));

        expect(await site.get(target)).toMatchObject({ status: 200 });
        await site.flush();

        expect(site.visitUrls).toEqual([`${site.url}${target.replace('http://evil.example', '')}`]);
      },
    );

    it('counts by the request as it came, also where a middleware changes it', async () => {
      const site = await open((app, track) => {
        app.use(track, (req, _res, next) => {
          req.method = 'GET';
          req.url = '/page';
          req.headers = { accept: 'text/html', host: 'evil.example' };
          next();
        });
        app.get('/page', sendPage);
      });

      await site.send({ method: 'POST', path: '/form' });
      await site.get('/somewhere');
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 1, skipped: { method: 1 } });
      expect(site.visitUrls).toEqual([`${site.url}/somewhere`]);
    });

    it('skips a HEAD whose handler records a pageview, also where a middleware made it a GET', async () => {
      const site = await open((app, track) => {
        app.use(track, (req, _res, next) => {
          req.method = 'GET';
          req.track.pageview();
          next();
        });
        app.get('/page', sendPage);
      });

      await site.send({ method: 'HEAD', path: '/page' });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { method: 1 } });
    });

    it('counts no error page of the application', async () => {
      const site = await open((app, track) => {
        app.use(track).get('/page', () => {
          throw new Error('the handler failed');
        });
        app.use((_error: unknown, _req: Request, res: Response, _next: () => void) => {
          res.status(503).send(page);
        });
      });

      expect(await site.get('/page')).toMatchObject({ status: 503 });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { status: 1 } });
    });

    it('counts once where the ESM and the CommonJS build of the kit both follow a request', async () => {
      const { NodeExchange, trackRequests } = require('@successeve/core/adapter') as typeof Kit;
      class OtherExchange extends NodeExchange<Request> {
        origin(): undefined {}
      }
      const other = createTracker({ transport: { send: vi.fn() } });
      const { follow } = trackRequests<Request>(other, { identify: () => ({ contactUid: 'ada' }) });
      const site = await open((app, track) => {
        app.use(track, (req, res, next) => {
          const again = follow(new OtherExchange(req, req, res, req.originalUrl));
          expect(again.track).toBe(req.track);
          next();
        });
        app.get('/page', sendPage);
      });

      await site.get('/page');
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
      expect(other.stats().pageviews).toMatchObject({ recorded: 0, skipped: { duplicate: 1 } });
      expect(other.stats().accepted).toBe(0);
      await other.close({ timeoutMs: 0 });
    });
  });
}

describe('express 5 only', () => {
  it('counts no handler that rejects', async () => {
    const adapter: AdapterUnderTest<Request> = {
      userOf: () => ({ id: 'ada', orgId: 'org-of-ada' }),
      rawOf: (req) => req,
      mount(tracker, options) {
        const app = express5().set('env', 'test').use(tracking(tracker, options));
        app.get('/page', async () => {
          throw new Error('the handler failed');
        });
        return listen(app);
      },
    };
    const site = await openSite(adapter, { tracker: { logger: undefined } });

    expect(await site.get('/page')).toMatchObject({ status: 500 });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { status: 1 } });
  });
});

describe.each(majors)('an application on %s with a req.track of its own', (_, express) => {
  it('keeps it, and pages count; a warning says so once', async () => {
    const adapter: AdapterUnderTest<Request> = {
      userOf: () => ({ id: 'ada', orgId: 'org-of-ada' }),
      rawOf: (req) => req,
      mount(tracker, options) {
        const app = express();
        Object.defineProperty(app.request, 'track', { get: () => 'of the application' });
        app.use(tracking(tracker, { ...options, context: true }));
        app.get('/page', (req, res) => {
          currentTrack()?.event('step_taken');
          res.send(req.track);
        });
        return listen(app);
      },
    };
    const site = await openSite(adapter, {});

    for (const _ of [1, 2])
      expect(await site.get()).toMatchObject({ status: 200, body: 'of the application' });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 2, skipped: {} });
    expect(site.api.events).toHaveLength(4);
    expect(site.lines).toEqual([expect.stringContaining('a `track` of its own')]);
  });
});

describe('the types', () => {
  it('show req.track on every request, and Express’s own request to callbacks', () => {
    expectTypeOf<Request['track']>().toEqualTypeOf<RequestTrack>();
    expectTypeOf(tracking).returns.toExtend<RequestHandler>();
    expectTypeOf<Parameters<TrackingOptions<Request>['identify']>>().toEqualTypeOf<[Request]>();
    expectTypeOf(tracking).toBeCallableWith(createTracker({ enabled: false }), {
      identify: (_req: Request) => null,
    });
  });
});

describe('wrong options', () => {
  const tracker = createTracker({ enabled: false });
  const identify = (): null => null;

  it.each<[string, unknown, unknown, string]>([
    ['no tracker', undefined, { identify }, 'tracker: expected what createTracker returned'],
    ['a tracker that is none', {}, { identify }, 'tracker: expected what createTracker returned'],
    ['no options', tracker, undefined, 'options: expected an object'],
    ['no identify', tracker, {}, 'identify: expected a function'],
    ['a baseUrl with a query', tracker, { identify, baseUrl: 'https://a.example/?b' }, 'baseUrl: expected'],
    ['a baseUrl of another kind', tracker, { identify, baseUrl: 1 }, 'baseUrl: expected an origin such as'],
    ['patterns that are not an array', tracker, { identify, ignore: '/health' }, 'ignore: expected an array'],
    ['names that are not an array', tracker, { identify, secretParams: 'invite' }, 'secretParams: expected'],
    ['names that are none', tracker, { identify, secretParams: [1] }, 'secretParams: expected'],
    ['a pattern that is none', tracker, { identify, ignore: [1] }, 'ignore[0]: expected'],
    ['bots that are unknown', tracker, { identify, bots: 'maybe' }, "bots: expected 'skip' or 'track'"],
  ])('throw at creation: %s', (_, wrongTracker, wrongOptions, message) => {
    expect(() => tracking(wrongTracker as never, wrongOptions as never)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(message) }),
    );
  });
});
