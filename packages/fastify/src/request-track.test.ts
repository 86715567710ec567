import { once } from 'node:events';
import { type IncomingMessage, request as requestOf } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { currentTrack, type RequestTrack, type TrackingPluginOptions } from './index.js';
import { open, sendPage } from './test-site.js';

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

describe('the types', () => {
  it('show request.track, and Fastify’s request to callbacks', () => {
    expectTypeOf<FastifyRequest['track']>().toEqualTypeOf<RequestTrack>();
    expectTypeOf<Parameters<TrackingPluginOptions['identify']>>().toEqualTypeOf<[FastifyRequest]>();
  });
});
