import { createRecorder } from '@successeve/testing';
import type { Site } from '@successeve/testing/adapter-contract';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { browserReports, type TrackingPluginOptions, tracking } from './index.js';
import { open, openOwn } from './test-site.js';

/** Ada's browser reports that it shows her inbox. */
function report(
  site: Site,
  path = '/seen',
  contentType = 'text/plain;charset=UTF-8',
): ReturnType<Site['send']> {
  const headers = {
    accept: '*/*',
    'content-type': contentType,
    'sec-fetch-dest': 'empty',
    'sec-fetch-mode': 'cors',
    'sec-fetch-site': 'same-origin',
  };
  return site.send({ method: 'POST', path, headers, body: JSON.stringify({ page: '/inbox', age: 0 }) });
}

const byUser = {
  browser: true,
  identify: ({ user }: FastifyRequest) => user && { contactUid: user.id },
};

function signIn(app: FastifyInstance, hook: 'onRequest' | 'preValidation' | 'preHandler'): void {
  app.addHook(hook, async (request: FastifyRequest) => {
    request.user = { id: 'ada', orgId: 'org-of-ada' };
  });
}

describe('browserReports', () => {
  it.each(['onRequest', 'preValidation', 'preHandler'] as const)(
    'takes reports behind a hook that authenticates in %s, also where another part asks for a CSRF token',
    async (hook) => {
      const site = await open(
        (app) => {
          signIn(app, hook);
          app.register(browserReports());
          app.register(async (forms) => {
            // As a check of CSRF tokens does.
            forms.addHook('preValidation', async (_, reply) => reply.status(403).send(''));
            forms.post('/act', async () => ({}));
          });
        },
        { tracking: byUser },
      );

      expect(await report(site)).toMatchObject({ status: 204, body: '' });
      expect(await report(site, '/act')).toMatchObject({ status: 403 });
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/inbox`]);
    },
  );

  it('takes them behind the hooks of one part of the application, registered in that', async () => {
    const site = await open(
      (app) => {
        app.register(async (members) => {
          signIn(members, 'onRequest');
          members.register(browserReports());
        });
      },
      { tracking: byUser },
    );

    await report(site);
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/inbox`]);
  });

  it('takes them below a prefix where `path` is below it too', async () => {
    const site = await open(
      (app) => app.register(async (mail) => void mail.register(browserReports()), { prefix: '/mail' }),
      { tracking: { browser: { path: '/mail/seen' } } },
    );

    expect(await report(site, '/mail/seen')).toMatchObject({ status: 204 });
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/inbox`]);
  });

  it('answers 204 whatever the type of the body, and leaves the parsers of the application as they are', async () => {
    const site = await open(
      (app) => {
        app.register(browserReports());
        app.post('/act', async ({ body }) => body);
      },
      { tracking: { browser: true } },
    );

    for (const type of ['application/json', 'multipart/form-data', 'application/unknown']) {
      expect(await report(site, '/seen', type)).toMatchObject({ status: 204 });
    }
    expect(await report(site, '/act', 'application/json')).toMatchObject({
      body: '{"page":"/inbox","age":0}',
    });
    expect(await report(site, '/act', 'application/unknown')).toMatchObject({ status: 415 });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 3, skipped: { method: 2 } });
  });

  it('takes them for the first tracking, which follows the requests, whatever a second one has for options', async () => {
    const site = await openOwn(
      (app, options) => {
        app.register(tracking, options);
        app.register(tracking, { ...options, browser: false });
        app.register(browserReports());
      },
      { tracking: { browser: true } },
    );

    expect(await report(site)).toMatchObject({ status: 204 });
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/inbox`]);
  });

  it('adds no route where `browser` is off', async () => {
    const site = await open((app) => app.register(browserReports()));

    expect(await report(site)).toMatchObject({ status: 404 });
  });

  it.each<[string, string, (app: FastifyInstance, options: TrackingPluginOptions) => unknown]>([
    [
      'tracking comes after it',
      'tracking',
      (app, options) => app.register(browserReports()).register(tracking, options),
    ],
    [
      'the prefix is another than that of `path`',
      '/mail',
      (app, options) => {
        app.register(tracking, options);
        app.register(async (mail) => void mail.register(browserReports()), { prefix: '/mail' });
      },
    ],
  ])('keeps the application from starting where %s', async (_, name, build) => {
    const app = fastify();
    build(app, { tracker: createRecorder(), ...byUser });

    await expect(app.ready()).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringMatching(`^browserReports: expected .*${name}`),
    });
  });
});
