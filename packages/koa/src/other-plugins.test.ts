import { page, type Site, staticFolder } from '@successeve/testing/adapter-contract';
import passport from 'koa-passport';
import session from 'koa-session';
import serve from 'koa-static';
import { describe, expect, it } from 'vitest';
import { majors } from './majors.js';
import { openOn } from './test-site.js';

/** The cookies that an answer sets, as the next request sends them. */
function cookiesOf({ headers }: Awaited<ReturnType<Site['get']>>): { cookie: string } {
  const cookies = headers['set-cookie'] ?? [];
  return { cookie: cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ') };
}

describe.each(majors)('%s only:', (_, Application) => {
  const open = openOn(Application);

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
});
