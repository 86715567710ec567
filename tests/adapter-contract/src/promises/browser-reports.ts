import { defineEvents } from '@successeve/core';
import { describe, expect, it } from 'vitest';
import type { Headers } from '../browser.js';
import { byFetch, inbox, report } from '../browser-report.js';
import type { Suite } from '../suite.js';

export function promiseBrowserReports<Request>({ open, rawOf, flags }: Suite<Request>): void {
  describe('a page that the browser reports', () => {
    it('is a pageview with the absolute URL, the contact and the account of the report', async () => {
      const site = await open({ tracking: { browser: true } });

      const answers = [await report(site, inbox), await report(site, inbox, { 'x-user': 'bob' })];
      await site.flush();

      expect(answers.map(({ status, body }) => [status, body])).toEqual([
        [204, ''],
        [204, ''],
      ]);
      expect(site.api.events).toEqual(
        ['ada', 'bob'].map((name) => ({
          contact_uid: name,
          event_uid: 'pageview',
          params: { account_uid: `org-of-${name}`, visit_url: `${site.url}/inbox?tab=2` },
        })),
      );
      expect(site.outcome).toEqual({ recorded: 2, skipped: {} });
    });

    it('is named as the visitor sees it, where a proxy strips a path that the rules do not know', async () => {
      const site = await open({
        tracking: { browser: true, baseUrl: 'https://example.com/app', ignore: ['/help'] },
      });

      await report(site, { page: '/app/inbox', age: 0 });
      await report(site, { page: '/app/help', age: 0 });
      await site.flush();

      expect(site.visitUrls).toEqual(['https://example.com/app/inbox']);
      expect(site.outcome).toEqual({ recorded: 1, skipped: { ignored: 1 } });
    });

    it('counts at the time of the visit, which was before the report', async () => {
      const site = await open({ tracking: { browser: true }, tracker: { createdAt: true } });

      const before = Date.now();
      await report(site, { ...inbox, age: 40_000 });
      const after = Date.now();
      await site.flush();

      const at = Date.parse(String(site.api.events[0]?.created_at));
      expect(at).toBeGreaterThanOrEqual(before - 41_000);
      expect(at).toBeLessThanOrEqual(after - 39_000);
    });

    it('is read also where the application has parsed the body', async () => {
      const site = await open({ tracking: { browser: true } });

      await report(site, inbox, { 'content-type': 'application/json' });
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/inbox?tab=2`]);
    });

    it('keeps the fragment of a hash router, and no secret', async () => {
      const site = await open({ tracking: { browser: true } });

      for (const page of ['/?token=abc#/mail?code=abc', '/#!/mail', '/#part', '/a#b#/c']) {
        await report(site, { page, age: 0 });
      }
      await site.flush();

      expect(site.visitUrls).toEqual([
        `${site.url}/?token=#/mail?code=`,
        `${site.url}/#!/mail`,
        `${site.url}/`,
        `${site.url}/a`,
      ]);
    });

    const noUrl: [string, object, Headers][] = [['no_url', inbox, { host: 'no host' }]];
    it.each<[string, object | string, Headers]>([
      ['prefetch', inbox, { 'sec-purpose': 'prefetch;prerender' }],
      ['cross_site', inbox, { 'sec-fetch-site': 'cross-site' }],
      ['cross_site', inbox, { 'sec-fetch-site': 'same-site', origin: 'https://evil.example' }],
      ['cross_site', inbox, { 'sec-fetch-site': undefined, origin: 'https://evil.example' }],
      ['cross_site', inbox, { 'sec-fetch-site': undefined }],
      ['too_large', { ...inbox, more: 'x'.repeat(4_096) }, {}],
      ['too_large', { ...inbox, more: 'x'.repeat(4_096) }, { 'content-type': 'application/json' }],
      ['invalid_report', 'not JSON', {}],
      ['invalid_report', '', {}],
      ['invalid_report', { age: 0 }, { 'content-type': 'application/json' }],
      ['foreign_url', { page: 'https://evil.example/', age: 0 }, {}],
      ['foreign_url', { page: '//evil.example/', age: 0 }, {}],
      ['unlisted_event', { event: 'filter_saved', age: 0 }, {}],
      ['ignored', { page: '/admin/users', age: 0 }, {}],
      ['consent', inbox, { 'x-refuse': 'yes' }],
      ...(flags.rejectsInvalidUrls ? [] : noUrl),
      ['filtered', { page: '/filtered', age: 0 }, {}],
      ['bot', inbox, { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' }],
      ['no_contact', inbox, { 'x-user': undefined }],
    ])('does not count for the reason %s: %j', async (reason, body, headers) => {
      const site = await open({
        tracking: {
          browser: true,
          ignore: ['/admin'],
          consent: (request) => !('x-refuse' in rawOf(request).headers),
          pageviews: ({ url }) => !url.endsWith('/filtered'),
        },
      });

      expect(await report(site, body, headers)).toMatchObject({ status: 204, body: '' });
      await site.flush();

      expect(site.api.events).toEqual([]);
      expect(site.outcome).toEqual({ recorded: 0, skipped: { [reason]: 1 } });
      expect(site.errors).toEqual([]);
    });

    it('is believed without Sec-Fetch-Site where Origin names the host, and where that is all that is missing', async () => {
      const site = await open({ tracking: { browser: true } });

      await report(site, inbox, { 'sec-fetch-site': undefined, origin: site.url });
      await report(site, inbox, { origin: 'null' });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 2, skipped: {} });
    });

    it('counts 30 times at once for each contact', async () => {
      const site = await open({ tracking: { browser: true } });
      const startedAt = performance.now();

      await Promise.all(Array.from({ length: 40 }, () => report(site, inbox, { 'x-user': 'mallory' })));
      const seconds = (performance.now() - startedAt) / 1000;
      await report(site, inbox);
      await site.flush();

      const { recorded, skipped } = site.outcome;
      expect(recorded).toBeGreaterThanOrEqual(31);
      // One more with each second that the forty took.
      expect(recorded).toBeLessThanOrEqual(31 + seconds);
      expect(skipped).toEqual({ too_many: 41 - recorded });
    });

    it('does not count where the contact last got an error for it', async () => {
      const site = await open({
        tracking: { browser: true },
        application: { head: { 'content-type': 'text/html' }, status: 404 },
      });
      const gone = { page: '/write-head?page=1', age: 0 };

      // As Turbo and htmx ask for a page to show it in place.
      await site.get(gone.page, { ...byFetch, accept: 'text/html' });
      await site.ended();
      await report(site, gone);
      await report(site, gone, { 'x-user': 'bob' });
      await report(site, { ...gone, page: '/write-head?page=2' });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 2, skipped: { not_a_page: 1, status: 1 } });
    });
  });

  describe('the first page of a document', () => {
    const first = { document: '/page', since: 500 };

    it('does not count where the server has counted the document, whose mark shows it', async () => {
      const site = await open({ tracking: { browser: true } });

      const { headers } = await site.get('/page');
      const mark = /^seen;desc=(\d+)$/.exec(String(headers['server-timing']))?.[1];
      await report(site, { page: '/page', age: 0, first: { ...first, mark } });
      await site.flush();

      expect(mark).toBeDefined();
      expect(site.outcome).toEqual({ recorded: 1, skipped: { answered: 1 } });
    });

    it('counts where its document comes out of a cache at once', async () => {
      const site = await open({ tracking: { browser: true } });

      const { headers } = await site.get('/page');
      const mark = String(headers['server-timing']).split('=')[1];
      for (const _ of [1, 2]) await report(site, { page: '/page', age: 0, first: { ...first, mark } });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 2, skipped: { answered: 1 } });
    });

    it('counts where its document comes out of a cache', async () => {
      const site = await open({ tracking: { browser: true } });

      const mark = String(Date.now() - 10_000);
      await report(site, { page: '/page', age: 0, first: { ...first, mark } });
      await report(site, { page: '/page', age: 0, first: { ...first, unasked: true } });
      await report(site, { page: '/page', age: 0, first });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 2, skipped: { answered: 1 } });
    });

    it('counts in place of the document where that is left to the browser', async () => {
      const site = await open({ tracking: { browser: { documents: ['/page'] } } });

      const { headers } = await site.get('/page?a=1');
      await report(site, { page: '/page?a=2', age: 0, first: { ...first, document: '/page?a=1' } });
      await site.get('/section/page');
      await site.flush();

      expect(headers['server-timing']).toBeUndefined();
      expect(site.visitUrls).toEqual([`${site.url}/page?a=2`, `${site.url}/section/page`]);
      expect(site.outcome).toEqual({ recorded: 2, skipped: { left_to_browser: 1 } });
    });

    it('counts in place of the document where a function leaves it, and in a frame', async () => {
      const documents = [(request: Request): boolean => 'x-left' in rawOf(request).headers];
      const site = await open({ tracking: { browser: { documents, frames: true } } });

      const left: Headers[] = [{ 'x-left': 'yes' }, { 'sec-fetch-dest': 'iframe' }];
      for (const headers of left) {
        const answer = await site.get('/page', headers);
        const mark = String(answer.headers['server-timing']).split('=')[1];
        await report(site, { page: '/page', age: 0, first: { ...first, mark } });
      }
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 2, skipped: { left_to_browser: 2 } });
    });

    it.each<[string, string, Headers]>([
      ['a missing page', '/missing', {}],
      ['JSON', '/json', {}],
      ['a redirect', '/redirect', {}],
      ['a fetch', '/page', byFetch],
      ['a prefetch', '/page', { 'sec-purpose': 'prefetch' }],
      ['a frame', '/page', { 'sec-fetch-dest': 'iframe' }],
    ])('is not marked in %s', async (_, path, headers) => {
      const site = await open({ tracking: { browser: true } });

      expect((await site.get(path, headers)).headers['server-timing']).toBeUndefined();
    });

    it('is marked nowhere where `browser` is off', async () => {
      const site = await open();

      expect((await site.get('/page')).headers['server-timing']).toBeUndefined();
    });
  });

  describe('an event that the browser reports', () => {
    const saved = { event: 'filter_saved', params: { name: 'Mine' }, age: 0 };
    const browser = { events: ['filter_saved' as never] };

    it('is one of its own contact', async () => {
      const site = await open({ tracking: { browser } });

      expect(await report(site, { ...saved, contactUid: 'bob' })).toMatchObject({ status: 204 });
      await site.flush();

      expect(site.api.events).toEqual([
        {
          contact_uid: 'ada',
          event_uid: 'filter_saved',
          params: { account_uid: 'org-of-ada', name: 'Mine' },
        },
      ]);
    });

    it('is validated by the catalogue', async () => {
      const events = defineEvents({ filter_moved: { displayName: 'Filter moved' } });
      const site = await open({ tracker: { events }, tracking: { browser } });

      await report(site, saved);
      await site.flush();

      expect(site.api.events).toEqual([]);
      expect(site.drops).toMatchObject([{ reason: 'invalid', event: { eventUid: 'filter_saved' } }]);
    });

    it.each<[string, Headers]>([
      ['no_contact', { 'x-user': undefined }],
      ['consent', { 'x-refuse': 'yes' }],
    ])('is not recorded for the reason %s', async (reason, headers) => {
      const consent = (request: Request): boolean => !('x-refuse' in rawOf(request).headers);
      const site = await open({ tracking: { browser, consent } });

      await report(site, saved, headers);
      await site.flush();

      expect(site.api.events).toEqual([]);
      expect(site.outcome).toEqual({ recorded: 0, skipped: { [reason]: 1 } });
    });
  });

  describe('a page of another origin', () => {
    const origin = 'https://app.example.com';
    const browser = { origins: [origin] };
    const fromThere: Headers = { 'sec-fetch-site': 'same-site', origin };

    it('reports here where the origin is listed, which is then that of the URL', async () => {
      const site = await open({ tracking: { browser } });

      const answer = await report(site, inbox, fromThere);
      await report(site, { ...inbox, first: { document: '/inbox', since: 1 } }, fromThere);
      await report(site, inbox, { ...fromThere, origin: 'https://evil.example' });
      await site.flush();

      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        vary: expect.stringContaining('Origin'),
      });
      expect(site.visitUrls).toEqual([`${origin}/inbox?tab=2`, `${origin}/inbox?tab=2`]);
      expect(site.outcome).toEqual({ recorded: 2, skipped: { cross_site: 1 } });
    });

    it('may send headers of its own, and load the script', async () => {
      const site = await open({ tracking: { browser } });
      const preflight = {
        ...byFetch,
        ...fromThere,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      };

      const asked = await site.send({ method: 'OPTIONS', path: '/seen', headers: preflight });
      const script = await site.get('/seen.js', { ...byFetch, ...fromThere });

      expect(asked).toMatchObject({
        status: 204,
        headers: {
          'access-control-allow-origin': origin,
          'access-control-allow-credentials': 'true',
          'access-control-allow-headers': 'authorization',
          'access-control-allow-methods': 'POST',
        },
      });
      expect(script.headers['cross-origin-resource-policy']).toBe('cross-origin');
    });
  });
}
