import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type IncomingMessage, request as requestOf } from 'node:http';
import { connect } from 'node:http2';
import { createRequire } from 'node:module';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import files from '@fastify/static';
import { createRecorder } from '@successeve/testing';
import { page, staticFolder } from '@successeve/testing/adapter-contract';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { describe, expect, expectTypeOf, it, onTestFinished, vi } from 'vitest';
import type * as OurPackage from './index.js';
import {
  createTracker,
  currentTrack,
  type RequestTrack,
  type TrackingPluginOptions,
  tracking,
} from './index.js';
import { open, openOwn } from './test-site.js';

declare module 'fastify' {
  interface Session {
    userId?: string;
  }
}

const require = createRequire(import.meta.url);

const navigation = { 'sec-fetch-dest': 'document', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };

function sendPage(_: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.type('text/html').send(page);
}

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

describe('request.track', () => {
  it('is there in all hooks, in the handlers of errors and of what is not found, and on Node’s request', async () => {
    const found = new Map<string, RequestTrack[]>();
    const look = (where: string, { track, raw }: FastifyRequest): void => {
      found.set(where, [track, (raw as IncomingMessage & { track: RequestTrack }).track]);
    };
    const site = await open((app) => {
      for (const name of ['onRequest', 'preValidation', 'preHandler', 'onResponse', 'onError'] as const) {
        app.addHook(name, async (request: FastifyRequest) => look(name, request));
      }
      for (const name of ['preParsing', 'preSerialization', 'onSend'] as const) {
        app.addHook(name, async (request: FastifyRequest, _: unknown, payload: unknown) => {
          look(name, request);
          return payload;
        });
      }
      app.setErrorHandler((_, request, reply) => {
        look('error handler', request);
        request.track.event('error_seen');
        return reply.status(500).send({});
      });
      app.setNotFoundHandler((request, reply) => {
        look('not found', request);
        return reply.status(404).send('');
      });
      app.get('/throw', async (request) => {
        look('handler', request);
        throw new Error('the handler failed');
      });
    });

    await site.get('/throw');
    await site.get('/missing');
    await site.flush();

    expect(found.size).toBe(11);
    for (const [track, ofNode] of found.values()) {
      expect(track).toMatchObject({ event: expect.any(Function), skip: expect.any(Function) });
      expect(ofNode).toBe(track);
    }
    expect(site.api.events).toMatchObject([{ event_uid: 'error_seen', contact_uid: 'ada' }]);
  });

  it('belongs to one request alone', async () => {
    const found: RequestTrack[] = [];
    const site = await open((app) => {
      app.get('/page', (request, reply) => {
        found.push(request.track, request.track);
        return sendPage(request, reply);
      });
    });

    for (const _ of [1, 2]) await site.get();

    expect(found).toHaveLength(4);
    expect(new Set(found).size).toBe(2);
  });

  it('is what currentTrack() finds in every hook, however late the body comes', async () => {
    const found: [string, boolean][] = [];
    const look = (where: string, request: FastifyRequest): void => {
      found.push([where, currentTrack() === request.track]);
    };
    const site = await open(
      (app) => {
        for (const name of ['onRequest', 'preValidation', 'preHandler'] as const) {
          app.addHook(name, async (request: FastifyRequest) => look(name, request));
        }
        app.setErrorHandler(async (_, request, reply) => {
          look('error handler', request);
          return reply.status(400).send('');
        });
        app.post('/act', async (request) => {
          look('handler', request);
          return {};
        });
      },
      { tracking: { context: true } },
    );

    for (const end of ['{}}', '}']) {
      const headers = { 'content-type': 'application/json' };
      const sending = requestOf(`${site.url}/act`, { method: 'POST', headers });
      sending.write('{');
      const before = found.length;
      await vi.waitUntil(() => found.length > before);
      await turn();
      sending.end(end);
      const [response] = await once(sending, 'response');
      response.resume();
    }

    const names = ['onRequest', 'error handler', 'onRequest', 'preValidation', 'preHandler', 'handler'];
    expect(found).toEqual(names.map((name) => [name, true]));
  });
});

describe('a request', () => {
  it.each<[string, (app: FastifyInstance) => unknown, string, number]>([
    ['is not found', () => {}, '/missing', 404],
    [
      'is not found in a plugin with a prefix and a handler for that',
      (app) =>
        app.register(
          async (mail) =>
            void mail.setNotFoundHandler((_, reply) => reply.status(404).type('text/html').send(page)),
          { prefix: '/mail' },
        ),
      '/mail/missing',
      404,
    ],
    [
      'does not fit its schema',
      (app) => {
        const query = { type: 'object', required: ['tab'], properties: { tab: { type: 'number' } } };
        app.get('/page', { schema: { querystring: query } }, sendPage);
      },
      '/page?tab=two',
      400,
    ],
    [
      'has an answer that does not fit its schema',
      (app) => {
        const answer = { type: 'object', required: ['plan'], properties: { plan: { type: 'string' } } };
        app.get('/page', { schema: { response: { 200: answer } } }, async () => ({}));
      },
      '/page',
      500,
    ],
    [
      'is answered by a hook of another plugin',
      (app) => {
        app.addHook('onRequest', async (_, reply) => reply.status(403).type('text/html').send(page));
        app.get('/page', sendPage);
      },
      '/page',
      403,
    ],
    [
      'takes too long for the handler',
      (app) => app.get('/page', { handlerTimeout: 10 }, () => new Promise(() => {})),
      '/page',
      503,
    ],
  ])('is followed where it %s', async (_, build, path, status) => {
    const site = await open(build);

    expect(await site.get(path)).toMatchObject({ status });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { status: 1 } });
  });

  it('is followed where the handler for what is not found answers with a page', async () => {
    const site = await open((app) => app.setNotFoundHandler(sendPage));

    expect(await site.get('/inbox')).toMatchObject({ status: 200 });
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/inbox`]);
  });

  it('is followed where its body is of a type that no parser takes', async () => {
    const site = await open((app) => app.post('/page', sendPage));

    const headers = { 'content-type': 'application/unknown' };
    expect(await site.send({ method: 'POST', path: '/page', body: 'x', headers })).toMatchObject({
      status: 415,
    });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { method: 1 } });
  });

  it('never reaches a hook where Fastify cannot read its URL, and is answered as without ours', async () => {
    const site = await open((app) => app.get('/:name', sendPage));

    for (const [path, status] of [
      ['/%zz', 400],
      [`/${'x'.repeat(101)}`, 414],
    ] as const) {
      expect(await site.get(path)).toMatchObject({ status });
    }
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: {} });
    expect(site.errors).toEqual([]);
  });

  it('counts with the URL that the visitor saw where rewriteUrl makes another of it', async () => {
    const site = await open((app) => app.get('/inner', sendPage), {
      fastify: { rewriteUrl: ({ url = '' }) => url.replace('/outer', '/inner') },
    });

    expect(await site.get('/outer?tab=2')).toMatchObject({ status: 200 });
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/outer?tab=2`]);
  });

  it('shows a proxy that the application does not trust, and a warning says so once', async () => {
    const site = await open((app) => app.get('/page', sendPage));

    for (const _ of [1, 2]) await site.get('/page', { 'x-forwarded-proto': 'https' });
    await site.flush();

    expect(site.lines).toEqual([expect.stringContaining('trustProxy')]);
  });

  it('counts over HTTP/2', async () => {
    const tracker = createRecorder();
    const app = fastify({ http2: true });
    app.register(tracking, { tracker, identify: () => ({ contactUid: 'ada' }) });
    app.get('/page', (_, reply) => reply.type('text/html').send(page));
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const client = connect(url);
    onTestFinished(async () => {
      client.destroy();
      await app.close();
    });

    for (const path of ['/page?tab=2', '/missing']) client.request({ ':path': path, ...navigation }).resume();
    await vi.waitUntil(
      () => tracker.stats().pageviews.skipped.status === 1 && tracker.pageviews.length === 1,
    );

    expect(tracker.pageviews).toMatchObject([{ visitUrl: `${url}/page?tab=2` }]);
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

describe('a body that is a stream', () => {
  it.each<[string, () => unknown]>([
    ['of a file', () => createReadStream(`${staticFolder}/page.html`)],
    ['of Node', () => Readable.from([page])],
    ['of the web', () => new Blob([page]).stream()],
    ['in a Response', () => new Response(page, { headers: { 'content-type': 'text/html' } })],
  ])('counts when it was sent to its end: %s', async (_, body) => {
    const site = await open((app) => app.get('/page', (_, reply) => reply.type('text/html').send(body())));

    expect(await site.get()).toMatchObject({ status: 200 });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
  });

  it('does not count where the file is missing', async () => {
    const site = await open((app) =>
      app.get('/page', (_, reply) => reply.type('text/html').send(createReadStream('/missing.html'))),
    );

    expect(await site.get()).toMatchObject({ status: 500 });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { status: 1 } });
  });

  it.each(['breaks off', 'is left by the visitor'])('does not count where it %s', async (how) => {
    const body = new PassThrough();
    body.write(page);
    const site = await open((app) => app.get('/page', (_, reply) => reply.type('text/html').send(body)));

    const visit = site.start({ path: '/page' });
    await visit.begun;
    if (how === 'breaks off') body.destroy(new Error('the source failed'));
    else visit.abort();
    await expect(visit.answer).rejects.toThrow();
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { aborted: 1 } });
  });
});

describe('reply.hijack()', () => {
  it('leaves the answer to the handler, and what that sends counts', async () => {
    const site = await open((app) => {
      app.get('/:status', async (request, reply) => {
        reply.hijack();
        await turn();
        const { status } = request.params as { status: string };
        reply.raw.writeHead(Number(status), { 'content-type': 'text/html' }).end(page);
      });
    });

    for (const status of [200, 410]) expect(await site.get(`/${status}`)).toMatchObject({ status });
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/200`]);
    expect(site.outcome).toEqual({ recorded: 1, skipped: { status: 1 } });
  });
});

describe('beside other plugins', () => {
  it('@fastify/static: pages count, also as a 304, and other files do not', async () => {
    const site = await open((app) => app.register(files, { root: staticFolder, index: 'page.html' }));

    const { headers } = await site.get('/page.html');
    for (const path of ['/', '/style.css', '/missing.html']) await site.get(path);
    expect(await site.get('/page.html', { 'if-none-match': String(headers.etag) })).toMatchObject({
      status: 304,
    });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 3, skipped: { not_html: 1, status: 1 } });
  });

  it.each([true, false])('@fastify/session: its user is found, ours being first: %s', async (isFirst) => {
    const site = await openOwn(
      (app, options) => {
        if (isFirst) app.register(tracking, options);
        app.register(cookie);
        app.register(session, { secret: 'a secret of at least 32 characters', cookie: { secure: false } });
        if (!isFirst) app.register(tracking, options);
        app.get('/page', sendPage);
        app.get('/login', (request, reply) => {
          request.session.userId = 'ada';
          return sendPage(request, reply);
        });
      },
      {
        tracking: {
          identify: ({ session: { userId } }) => (userId ? { contactUid: userId } : null),
        },
      },
    );

    await site.get('/page');
    const { headers } = await site.get('/login');
    await site.get('/page', { cookie: String(headers['set-cookie']).split(';', 1)[0] });
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/login`, `${site.url}/page`]);
    expect(site.outcome).toEqual({ recorded: 2, skipped: { no_contact: 1 } });
  });
});

describe('the types', () => {
  it('show request.track, and Fastify’s request to callbacks', () => {
    expectTypeOf<FastifyRequest['track']>().toEqualTypeOf<RequestTrack>();
    expectTypeOf<Parameters<TrackingPluginOptions['identify']>>().toEqualTypeOf<[FastifyRequest]>();
  });
});
