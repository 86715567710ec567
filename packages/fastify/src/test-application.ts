import etag from '@fastify/etag';
import files from '@fastify/static';
import {
  type AdapterUnderTest,
  bigPage,
  failure,
  page,
  staticFolder,
  type User,
} from '@successeve/testing/adapter-contract';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { browserReports } from './browser-reports.js';
import { tracking } from './tracking.js';

declare module 'fastify' {
  interface FastifyRequest {
    user?: User | undefined;
  }
}

/** The application of the contract suite. */
export const adapter: AdapterUnderTest<FastifyRequest> = {
  userOf: ({ user }) => user,
  rawOf: ({ raw }) => raw,
  async mount(tracker, options, { mounts, trustsProxy, head, status, authenticate, act }) {
    const app = fastify({ trustProxy: trustsProxy && '127.0.0.1' });

    if (mounts > 0) app.register(tracking, { tracker, ...options });
    app.addHook('onRequest', async (request) => {
      request.user = await authenticate(request.headers, request.track);
    });
    if (options.browser) app.register(browserReports());
    app.register(files, { root: staticFolder, prefix: '/static/' });

    app.register(
      async (section) => {
        if (mounts > 1) section.register(tracking, { tracker, ...options });
        section.get('/page', (_, reply) => reply.type('text/html').send(page));
      },
      { prefix: '/section' },
    );
    app.register(async (fresh) => {
      fresh.register(etag);
      fresh.get('/conditional', (_, reply) => reply.type('text/html').send(page));
      fresh.get('/json', async () => ({ a: 'value' }));
    });

    app.get('/page', (_, reply) => reply.type('text/html').send(page));
    app.get('/big', (_, reply) => reply.type('text/html').send(bigPage));
    app.get('/redirect', (_, reply) => reply.redirect('/page'));
    app.get('/throw', () => {
      throw failure();
    });
    app.get('/reject', async () => {
      await Promise.resolve();
      throw failure();
    });
    app.all('/act', async (request, reply) => {
      await act(request.track, request.body);
      return reply.type('text/html').send(page);
    });
    app.get('/stream', (_, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.write('data: the first of many\n\n');
    });
    app.get('/write-head', (_, reply) => {
      reply.hijack();
      reply.raw.writeHead(status, head).end(page);
    });
    return listen(app);
  },
};

/** Starts an application on loopback. */
export async function listen(app: FastifyInstance): Promise<{ url: string; close(): Promise<unknown> }> {
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => app.close() };
}
