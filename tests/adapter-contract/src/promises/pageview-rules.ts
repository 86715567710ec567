import { describe, expect, it } from 'vitest';
import type { Headers, Sending } from '../browser.js';
import { userNamedBy } from '../site.js';
import type { Suite } from '../suite.js';

/** What makes a request no pageview, in the order in which the rules are asked. */
const faults: readonly (readonly [reason: string, fault: Sending])[] = [
  ['method', { method: 'POST' }],
  ['prefetch', { headers: { purpose: 'prefetch' } }],
  ['not_a_page', { headers: { 'sec-fetch-dest': 'empty' } }],
  ['ignored', { headers: { 'x-ignore': 'yes' } }],
  ['consent', { headers: { 'x-refuse': 'yes' } }],
  ['no_url', { headers: { host: '1.2.3.400' } }],
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

/** What counts as a pageview by the headers of a request and by the options: the core decides it for every adapter. */
export function promisePageviewRules<Request>({ open, rawOf }: Suite<Request>): void {
  const headersOf = (request: Request): object => rawOf(request).headers;

  describe('a pageview', () => {
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
  });

  describe('no pageview', () => {
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
    ])('is recorded for what is not a document: %s', async (_, headers) => {
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
