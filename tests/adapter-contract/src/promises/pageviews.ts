import { describe, expect, it } from 'vitest';
import { defer } from '../deferred.js';
import { because, type Suite } from '../suite.js';

export function promisePageviews<Request>({ open, rawOf, flags }: Suite<Request>): void {
  describe('a pageview', () => {
    it('is one event with the absolute URL, the contact and the account', async () => {
      const site = await open();

      const answer = await site.get('/page?tab=2');
      await site.flush();

      expect(answer.status).toBe(200);
      expect(site.api.events).toEqual([
        {
          contact_uid: 'ada',
          event_uid: 'pageview',
          params: { account_uid: 'org-of-ada', visit_url: `${site.url}/page?tab=2` },
        },
      ]);
      expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
    });

    it('is recorded once for each visit, also on one connection', async () => {
      const site = await open();

      for (let visit = 1; visit <= 5; visit++) await site.get(`/page?visit=${visit}`);
      await site.flush();

      expect(site.visitUrls).toEqual([1, 2, 3, 4, 5].map((visit) => `${site.url}/page?visit=${visit}`));
    });

    it('has the time of the request, not that of the answer', async () => {
      const entered = defer();
      const held = defer();
      const act = (): Promise<void> => {
        entered.resolve();
        return held.promise;
      };
      const site = await open({ tracker: { createdAt: true }, application: { act } });

      const visit = site.start({ path: '/act' });
      await entered.promise;
      const handledAt = Date.now();
      await expect.poll(() => Date.now()).toBeGreaterThan(handledAt + 20);
      held.resolve();
      await visit.answer;
      await site.flush();

      expect(Date.parse(String(site.api.pageviews[0]?.created_at))).toBeLessThanOrEqual(handledAt);
    });

    it('is recorded when the browser has a fresh copy (304)', async () => {
      const site = await open();

      const { headers } = await site.get('/conditional');
      const fresh = await site.get('/conditional', { 'if-none-match': headers.etag });
      await site.flush();

      expect(fresh).toMatchObject({ status: 304, body: '' });
      expect(site.visitUrls).toEqual([`${site.url}/conditional`, `${site.url}/conditional`]);
    });

    it('is recorded for a page that is a file', async () => {
      const site = await open();

      await site.get('/static/page.html');
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/static/page.html`]);
    });

    it.each([
      ['is HTML', { 'Content-Type': 'text/html; charset=utf-8' }, { recorded: 1, skipped: {} }],
      ['is XHTML', { 'content-type': 'application/xhtml+xml' }, { recorded: 1, skipped: {} }],
      ['names no content type', { 'x-nothing': 'at all' }, { recorded: 1, skipped: {} }],
      ['is JSON', { 'Content-Type': 'application/json' }, { recorded: 0, skipped: { not_html: 1 } }],
      ['is an image', { 'content-type': 'image/png' }, { recorded: 0, skipped: { not_html: 1 } }],
      [
        'is a part of a page for Turbo',
        { 'content-type': 'text/vnd.turbo-stream.html' },
        { recorded: 0, skipped: { not_html: 1 } },
      ],
      [
        'is HTML to be saved',
        { 'content-type': 'text/html', 'content-disposition': 'attachment; filename="page.html"' },
        { recorded: 0, skipped: { not_html: 1 } },
      ],
      [
        'is to be saved, and names no content type',
        { 'Content-Disposition': 'attachment' },
        { recorded: 0, skipped: { not_html: 1 } },
      ],
      [
        'is HTML to be shown',
        { 'content-type': 'text/html', 'content-disposition': 'inline' },
        { recorded: 1, skipped: {} },
      ],
    ])('depends on what is sent where a handler writes the head itself: it %s', async (_, head, outcome) => {
      const site = await open({ application: { head } });

      const answer = await site.get('/write-head');
      await site.flush();

      expect(answer.status).toBe(200);
      expect(site.outcome).toEqual(outcome);
    });
  });

  describe('no pageview', () => {
    it.each([
      ['HEAD', '/page'],
      ['POST', '/act'],
      ['PUT', '/missing'],
      ['DELETE', '/missing'],
      ['OPTIONS', '/page'],
    ])('is recorded for %s %s', async (method, path) => {
      const site = await open();

      await site.send({ method, path });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { method: 1 } });
      expect(site.api.requests).toEqual([]);
    });

    it('is recorded where `pageviews` says no to the URL, the request and the status', async () => {
      const asked: unknown[] = [];
      const site = await open({
        tracking: {
          pageviews({ url, request, status }) {
            asked.push({ url, path: rawOf(request).url, status });
            return !url.endsWith('tab=2');
          },
        },
      });

      await site.get('/page?tab=1&token=abc');
      await site.get('/page?tab=2');
      await site.get('/missing');
      await site.flush();

      expect(asked).toEqual([
        { url: `${site.url}/page?tab=1&token=`, path: '/page?tab=1&token=abc', status: 200 },
        { url: `${site.url}/page?tab=2`, path: '/page?tab=2', status: 200 },
        { url: `${site.url}/missing`, path: '/missing', status: 404 },
      ]);
      expect(site.outcome).toEqual({ recorded: 1, skipped: { filtered: 1, status: 1 } });
    });

    it('is recorded where the handler said skip()', async () => {
      const site = await open({ application: { act: async (track) => track.skip() } });

      await site.get('/act');
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { skipped: 1 } });
    });

    it('is recorded when the visitor leaves before the answer', async () => {
      const entered = defer();
      const held = defer();
      const act = (): Promise<void> => {
        entered.resolve();
        return held.promise;
      };
      const site = await open({ tracker: { debug: true }, application: { act } });

      const visit = site.start({ path: '/act' });
      await entered.promise;
      visit.abort();
      await site.ended();
      // The handler goes on, without a visitor.
      held.resolve();
      await site.get('/page');
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 1, skipped: { aborted: 1 } });
      expect(site.visitUrls).toEqual([`${site.url}/page`]);
      // There was no status, only the framework's default.
      expect(site.lines).toContain('[successeve] GET /act unanswered: aborted');
    });

    it.skipIf(flags.hidesSending)(
      `is recorded when the visitor leaves in the middle of a page${because(flags.hidesSending)}`,
      async () => {
        const site = await open();

        const visit = site.start({ path: '/big' });
        await visit.begun;
        visit.abort();
        await site.flush();

        expect(site.outcome).toEqual({ recorded: 0, skipped: { aborted: 1 } });
      },
    );

    it.each([
      ['one that its browser repeats, since it asks for client hints', { 'sec-ch-ua': '"Chromium"' }, 0],
      ['one that has the hints', { 'sec-ch-ua': '"Chromium"', 'sec-ch-ua-model': '""' }, 1],
      ['one of a browser without client hints', {}, 1],
    ])('of a response with Critical-CH is recorded or not: %s', async (_, headers, recorded) => {
      const hints = {
        'critical-ch': 'Sec-CH-UA-Model',
        'accept-ch': 'Sec-CH-UA-Model, Sec-CH-Viewport-Width',
      };
      const site = await open({ application: { head: { 'content-type': 'text/html', ...hints } } });

      await site.get('/write-head', headers);
      await site.flush();

      expect(site.outcome).toEqual({ recorded, skipped: recorded ? {} : { duplicate: 1 } });
    });

    it('is recorded for a stream that the visitor leaves, and others do not wait for it', async () => {
      const site = await open();

      const visit = site.start({ path: '/stream' });
      await visit.begun;
      await site.get('/page');
      await site.tracker.flush();
      expect(site.visitUrls).toEqual([`${site.url}/page`]);
      visit.abort();
      await site.flush();

      const reason = flags.hidesSending ? { not_html: 1 } : { aborted: 1 };
      expect(site.outcome).toEqual({ recorded: 1, skipped: reason });
    });

    it.each([
      ['a redirect', '/redirect', 302],
      ['what the framework does not find', '/missing', 404],
      ['a handler that throws', '/throw', 500],
      ['a handler that throws after it waited', '/reject', 500],
    ])('is recorded for %s', async (_, path, status) => {
      const site = await open();

      const answer = await site.get(path);
      await site.flush();

      expect(answer.status).toBe(status);
      expect(site.outcome).toEqual({ recorded: 0, skipped: { status: 1 } });
    });

    it.each([
      ['JSON', '/json'],
      ['a style sheet', '/static/style.css'],
    ])('is recorded for %s that a visitor opens', async (_, path) => {
      const site = await open();

      const answer = await site.get(path);
      await site.flush();

      expect(answer.status).toBe(200);
      expect(site.outcome).toEqual({ recorded: 0, skipped: { not_html: 1 } });
    });

    it('is recorded when the browser has a fresh copy of JSON (304)', async () => {
      const site = await open();

      const { headers } = await site.get('/json');
      const fresh = await site.get('/json', { 'if-none-match': headers.etag });
      await site.flush();

      expect(fresh).toMatchObject({ status: 304, body: '' });
      expect(site.outcome).toEqual({ recorded: 0, skipped: { not_html: 2 } });
    });

    it('is recorded for an anonymous visitor', async () => {
      const site = await open();

      await site.get('/page', { 'x-user': undefined });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { no_contact: 1 } });
      expect(site.errors).toEqual([]);
    });

    it.skipIf(flags.mountsOnce)(
      `is recorded a second time where the middleware is mounted twice${because(flags.mountsOnce)}`,
      async () => {
        const site = await open({ application: { mounts: 2 } });

        for (const visit of [1, 2]) await site.get(`/section/page?visit=${visit}`);
        await site.get('/page');
        await site.send({ method: 'HEAD', path: '/section/page' });
        await site.flush();

        expect(site.outcome).toEqual({ recorded: 3, skipped: { duplicate: 2, method: 1 } });
        expect(site.api.pageviews).toHaveLength(3);
        expect(site.lines.filter((line) => line.includes('mounted twice'))).toHaveLength(1);
      },
    );
  });
}
