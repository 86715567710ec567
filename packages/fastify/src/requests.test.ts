import { connect } from 'node:http2';
import { createRecorder } from '@successeve/testing';
import { page } from '@successeve/testing/adapter-contract';
import { type FastifyInstance, fastify } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { tracking } from './index.js';
import { navigation, open, sendPage } from './test-site.js';

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
