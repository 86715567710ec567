import { describe, expect, it } from 'vitest';
import type { Headers, Sending } from '../browser.js';
import { defer } from '../deferred.js';
import { userNamedBy } from '../site.js';
import type { Suite } from '../suite.js';

/** What makes a request no pageview, in the order in which the rules are asked. */
const faults: readonly (readonly [reason: string, fault: Sending])[] = [
  ['method', { method: 'POST' }],
  ['prefetch', { headers: { purpose: 'prefetch' } }],
  ['not_a_page', { headers: { 'sec-fetch-dest': 'empty' } }],
  ['ignored', { headers: { 'x-ignore': 'yes' } }],
  ['consent', { headers: { 'x-refuse': 'yes' } }],
  ['no_url', { headers: { host: 'no host' } }],
  ['filtered', { headers: { 'x-filter': 'yes' } }],
  ['skipped', { headers: { 'x-skip': 'yes' } }],
  ['bot', { headers: { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' } }],
  ['status', { path: '/missing' }],
  ['no_contact', { headers: { 'x-user': undefined } }],
];

const withoutFetchMetadata: Headers = {
  'sec-fetch-dest': undefined,
  'sec-fetch-mode': undefined,
  'sec-fetch-site': undefined,
  'sec-fetch-user': undefined,
};

/** What reaches the server of a navigation that a service worker fetches, as Chromium sends it. */
const byServiceWorker: Headers = {
  'sec-fetch-dest': 'empty',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-user': undefined,
};

export function promisePageviews<Request>({ open, rawOf, flags }: Suite<Request>): void {
  const headersOf = (request: Request): object => rawOf(request).headers;

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

    it('is recorded when the browser is told that its copy is fresh (304)', async () => {
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

    it('is recorded where the browser sends no Sec-Fetch headers, but accepts HTML', async () => {
      const site = await open();

      await site.get('/page', withoutFetchMetadata);
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
    });

    it('is recorded where a service worker fetches the navigation itself', async () => {
      const site = await open();

      await site.get('/page', byServiceWorker);
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
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

    it.each([
      ['Sec-Purpose', 'prefetch'],
      ['Sec-Purpose', 'prefetch;prerender'],
      ['Sec-Purpose', 'prefetch;anonymous-client-ip'],
      ['Purpose', 'prefetch'],
      ['Purpose', 'preview'],
      ['X-Purpose', 'preview'],
      ['X-Purpose', 'prefetch'],
      ['X-Moz', 'prefetch'],
    ])('is recorded for a prefetch: %s: %s', async (name, value) => {
      const site = await open();

      await site.get('/page', { [name]: value });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { prefetch: 1 } });
    });

    it.each([
      ['a fetch', { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors', accept: '*/*' }],
      ['a fetch that accepts HTML', { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'same-origin' }],
      ['a frame', { 'sec-fetch-dest': 'iframe' }],
      ['an image', { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors', accept: 'image/*' }],
      ['a fetch that does not say its destination', { 'sec-fetch-dest': undefined }],
      ['a download that a link asks for', { ...byServiceWorker, accept: '' }],
      ['a fetch by jQuery', { ...withoutFetchMetadata, 'x-requested-with': 'XMLHttpRequest' }],
      ['a fetch by htmx', { ...withoutFetchMetadata, 'hx-request': 'true' }],
      ['a frame of Turbo', { ...withoutFetchMetadata, 'turbo-frame': 'messages' }],
      [
        'a client that accepts parts of pages',
        { ...withoutFetchMetadata, accept: 'text/vnd.turbo-stream.html' },
      ],
      ['a client that accepts anything', { ...withoutFetchMetadata, accept: '*/*' }],
      ['a client that accepts JSON', { ...withoutFetchMetadata, accept: 'application/json' }],
      ['a client that says nothing', { ...withoutFetchMetadata, accept: undefined }],
    ])('is recorded for what is no document: %s', async (_, headers) => {
      const site = await open();

      await site.get('/page', headers);
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { not_a_page: 1 } });
    });

    it('is recorded for what `ignore` matches: a prefix, a pattern, what a function says', async () => {
      const isIgnored = (request: Request): boolean => 'x-ignore' in headersOf(request);
      const site = await open({ tracking: { ignore: ['/section', /tab=\d/g, isIgnored] } });

      await site.get('/section/page');
      for (const tab of [1, 2, 3]) await site.get(`/page?tab=${tab}`);
      await site.get('/page', { 'x-ignore': 'yes' });
      await site.get('/page?section=/section');
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 1, skipped: { ignored: 5 } });
      expect(site.visitUrls).toEqual([`${site.url}/page?section=/section`]);
    });

    it('is recorded without consent, nor is an event', async () => {
      const site = await open({
        tracking: { consent: (request) => !('x-refuse' in headersOf(request)) },
        application: { act: async (track) => track.event('step_taken') },
      });

      await site.get('/act', { 'x-refuse': 'yes' });
      await site.get('/act');
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 1, skipped: { consent: 1 } });
      expect(site.api.events.map(({ event_uid }) => event_uid)).toEqual(['step_taken', 'pageview']);
      expect(site.drops).toMatchObject([{ event: { eventUid: 'step_taken' }, reason: 'consent' }]);
    });

    it('is recorded by itself with `pageviews: false`', async () => {
      const site = await open({ tracking: { pageviews: false } });

      await site.get();
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { filtered: 1 } });
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

    it.each([
      ['Googlebot/2.1 (+http://www.google.com/bot.html)'],
      ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0'],
      ['curl/8.5.0'],
      ['node'],
    ])('is recorded for a bot: %s', async (userAgent) => {
      const site = await open();

      await site.get('/page', { 'user-agent': userAgent });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { bot: 1 } });
    });

    it('is missing for a bot where `bots` says that they are tracked', async () => {
      const site = await open({ tracking: { bots: 'track' } });

      await site.get('/page', { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
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
      // The handler goes on, and answers nobody.
      held.resolve();
      await site.get('/page');
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 1, skipped: { aborted: 1 } });
      expect(site.visitUrls).toEqual([`${site.url}/page`]);
      // There was no status, whatever the framework's default is.
      expect(site.lines).toContain('[successeve] GET /act unanswered: aborted');
    });

    it('is recorded when the visitor leaves in the middle of a page', async () => {
      const site = await open();

      const visit = site.start({ path: '/big' });
      await visit.begun;
      visit.abort();
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { aborted: 1 } });
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

      expect(site.outcome).toEqual({ recorded: 1, skipped: { aborted: 1 } });
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
    ])('is recorded for %s that somebody opens', async (_, path) => {
      const site = await open();

      const answer = await site.get(path);
      await site.flush();

      expect(answer.status).toBe(200);
      expect(site.outcome).toEqual({ recorded: 0, skipped: { not_html: 1 } });
    });

    it('is recorded when the browser is told that its copy of JSON is fresh (304)', async () => {
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

    it('is recorded for several reasons: the first is counted, in the order of the documentation', async () => {
      const site = await open({
        tracking: {
          ignore: [(request) => 'x-ignore' in headersOf(request)],
          consent: (request) => !('x-refuse' in headersOf(request)),
          pageviews: ({ request }) => !('x-filter' in headersOf(request)),
        },
        application: {
          async authenticate(headers, track) {
            if ('x-skip' in headers) track.skip();
            return userNamedBy(headers);
          },
        },
      });

      for (const [first, [reason]] of faults.entries()) {
        const before = site.outcome.skipped;
        await site.send(together(faults.slice(first)));
        await site.flush();
        expect(site.outcome).toEqual({ recorded: 0, skipped: { ...before, [reason]: 1 } });
      }
      await site.get();
      await site.flush();

      expect(site.outcome.recorded).toBe(1);
    });
  });
}

function together(faults: readonly (readonly [string, Sending])[]): Sending {
  const sendings = faults.map(([, fault]) => fault);
  const headers = Object.assign({}, ...sendings.map((sending) => sending.headers));
  return Object.assign({}, ...sendings, { headers });
}

/** A test that is left out says why. */
function because(reason: string | undefined): string {
  return reason ? ` (not here: ${reason})` : '';
}
