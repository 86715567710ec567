import cookie from '@fastify/cookie';
import session from '@fastify/session';
import files from '@fastify/static';
import { staticFolder } from '@successeve/testing/adapter-contract';
import { describe, expect, it } from 'vitest';
import { tracking } from './index.js';
import { open, openOwn, sendPage } from './test-site.js';

declare module 'fastify' {
  interface Session {
    userId?: string;
  }
}

describe('with other plugins', () => {
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
