import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { page, staticFolder } from '@successeve/testing/adapter-contract';
import type { Middleware } from 'koa';
import { describe, expect, it, vi } from 'vitest';
import { majors } from './majors.js';
import { openOn, sendPage } from './test-site.js';

describe.each(majors)('%s only:', (_, Application, differences) => {
  const open = openOn(Application);

  /** Opens a page whose beginning was sent. */
  async function beginStream() {
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
    return { site, body, visit };
  }

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
      const { site, body, visit } = await beginStream();
      body.destroy(new Error('the source failed'));
      if (differences.survivesBrokenBodies) visit.abort();
      await expect(visit.answer).rejects.toThrow();
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { aborted: 1 } });
    });

    it('does not count where the visitor leaves', async () => {
      const { site, visit } = await beginStream();
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
});

/** A test that is left out says why. */
function because(reason: string | undefined): string {
  return reason ? ` (not here: ${reason})` : '';
}
