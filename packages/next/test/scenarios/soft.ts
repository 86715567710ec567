import type { Request } from 'playwright-core';
import { answered, prefetched, type Scenario } from './scenario.js';

/** Pages that the App Router shows by itself. */
export const soft: readonly Scenario[] = [
  {
    name: 'links that are fetched ahead, in view and under the mouse, and not followed',
    pageviews: ['/'],
    async act(visitor) {
      await Promise.all([
        prefetched(visitor.page, '/static/b', '/dynamic/1', '/static/a'),
        visitor.open('/', 'hub'),
      ]);
      for (const name of ['static b', 'dynamic 1', 'dynamic 2', 'dynamic 3']) {
        await visitor.page.getByRole('link', { name, exact: true }).hover();
      }
    },
  },
  {
    name: 'a click on a static page that was fetched ahead',
    pageviews: ['/', '/static/b'],
    async act(visitor) {
      await Promise.all([prefetched(visitor.page, '/static/b'), visitor.open('/', 'hub')]);
      await visitor.click('static b', 'static b');
    },
  },
  {
    name: 'clicks on dynamic pages: fetched ahead, wholly, and not at all',
    isBrief: true,
    pageviews: ['/', '/dynamic/1', '/', '/dynamic/2', '/', '/dynamic/3', '/', '/static/c'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      for (const title of ['dynamic 1', 'dynamic 2', 'dynamic 3', 'static c']) {
        await visitor.click(title, title);
        if (title !== 'static c') await visitor.click('hub', 'hub');
      }
    },
  },
  {
    name: 'a navigation that changes the query alone, and one that changes nothing',
    pageviews: ['/search?q=1', '/search?q=2'],
    async act(visitor) {
      await visitor.open('/search?q=1', 'search 1');
      await visitor.route('push', '/search?q=2', 'search 2');
      await visitor.route('push', '/search?q=2', 'search 2');
    },
  },
  {
    name: 'a navigation that replaces the page',
    pageviews: ['/', '/static/b'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.route('replace', '/static/b', 'static b');
    },
  },
  {
    name: 'a page that replaces its own URL as soon as it is shown',
    pageviews: ['/', '/refining'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.click('refining', 'refining');
    },
  },
  {
    name: 'a page that is looked at, and left alone',
    isBrief: true,
    pageviews: ['/', '/static/b'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.click('static b');
      await visitor.arrived('/static/b');
    },
  },
  {
    name: 'a redirect inside the browser',
    pageviews: ['/', '/dynamic/3'],
    async act(visitor) {
      await visitor.isPatient();
      await visitor.open('/', 'hub');
      await visitor.click('guarded', 'dynamic 3');
    },
  },
  {
    name: 'a redirect inside the browser from a document that is left to it',
    pageviews: ['/dynamic/3'],
    async act(visitor) {
      await visitor.isPatient();
      await visitor.page.goto('/guarded');
      await visitor.ready('dynamic 3');
    },
  },
  {
    name: 'URLs that follow each other at once',
    pageviews: ['/', '/?c'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.page.evaluate(() => {
        history.pushState(null, '', '/?x');
        history.pushState(null, '', '/');
      });
      await visitor.sees('hub');
      await visitor.page.evaluate(() => {
        for (const name of ['a', 'b', 'c']) history.pushState(null, '', `/?${name}`);
      });
      await visitor.sees('hub');
    },
  },
  {
    name: 'filters that write themselves into the query',
    pageviews: ['/', '/search?q=3'],
    async act(visitor) {
      await visitor.isPatient();
      await visitor.open('/', 'hub');
      await visitor.click('search', 'search 1');
      await visitor.page.evaluate(() => {
        history.replaceState(null, '', '/search?q=2');
      });
      await visitor.route('replace', '/search?q=3', 'search 3');
      await visitor.acts();
      await visitor.route('replace', '/search?q=4', 'search 4');
    },
  },
  {
    name: 'a link inside the page, and back',
    goesBack: true,
    pageviews: ['/'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.click('hash');
      await visitor.page.waitForURL('**/#below');
      await visitor.back('hub');
      await visitor.page.waitForURL(/\/$/);
    },
  },
  {
    name: 'a refresh',
    pageviews: ['/dynamic/1'],
    async act(visitor) {
      await visitor.open('/dynamic/1', 'dynamic 1');
      await answered(
        visitor.page,
        (request) => request.headers().rsc === '1' && new URL(request.url()).pathname === '/dynamic/1',
        () => visitor.page.evaluate(() => window.router.refresh()),
      );
    },
  },
  {
    name: 'back and forward inside the browser',
    goesBack: true,
    isBrief: true,
    pageviews: ['/', '/static/b', '/', '/dynamic/1', '/', '/dynamic/1'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.click('static b', 'static b');
      await visitor.back('hub');
      await visitor.click('dynamic 1', 'dynamic 1');
      await visitor.back('hub');
      await visitor.forward('dynamic 1');
    },
  },
  {
    name: 'a server action',
    pageviews: ['/', '/actions'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.click('actions', 'actions');
      await answered(
        visitor.page,
        (request) => request.method() === 'POST' && request.headers()['next-action'] !== undefined,
        () => visitor.page.getByRole('button', { name: 'act', exact: true }).click(),
      );
    },
  },
  {
    name: 'a server action that redirects',
    isBrief: true,
    pageviews: ['/actions', '/dynamic/1'],
    async act(visitor) {
      await visitor.open('/actions', 'actions');
      await visitor.page.getByRole('button', { name: 'act and redirect' }).click();
      await visitor.sees('dynamic 1');
    },
  },
  {
    name: 'redirects by the page, by the configuration and by the proxy, soft',
    isBrief: true,
    pageviews: ['/', '/static/b', '/', '/static/b', '/', '/static/b'],
    async act(visitor) {
      await visitor.isPatient();
      await visitor.open('/', 'hub');
      for (const link of ['redirecting', 'old', 'via proxy']) {
        await visitor.click(link, 'static b');
        if (link !== 'via proxy') await visitor.click('hub', 'hub');
      }
    },
  },
  {
    name: 'pages that are not found, soft',
    isBrief: true,
    pageviews: ['/', '/'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.click('gone', 'not found');
      await visitor.ready('not found');
      await visitor.open('/', 'hub');
      await visitor.click('nowhere', 'not found');
      await visitor.ready('not found');
    },
  },
  {
    name: 'a navigation that another one overtakes',
    pageviews: ['/', '/static/b'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      const isSlow = (request: Request): boolean => request.url().includes('/dynamic/slow');
      await Promise.all([visitor.page.waitForEvent('request', { predicate: isSlow }), visitor.click('slow')]);
      await visitor.click('static b', 'static b');
    },
  },
  {
    name: 'a visitor who signs out, and in again as another contact, between two navigations',
    pageviews: ['/', 'other /dynamic/1'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.signOut();
      // What has no contact must have arrived before a contact is known again.
      await visitor.click('static b', 'static b');
      await visitor.reports('/static/b');
      await visitor.click('hub', 'hub');
      await visitor.reports('/');
      await visitor.signIn(`${visitor.contact}-other`);
      await visitor.click('dynamic 1', 'dynamic 1');
      await visitor.reports('/dynamic/1');
      await visitor.signIn(visitor.contact);
    },
  },
  {
    name: 'what is not a pageview by the options, hard and soft',
    pageviews: ['/'],
    async act(visitor) {
      await visitor.open('/static/ignored', 'static ignored');
      await visitor.open('/static/filtered', 'static filtered');
      await visitor.open('/', 'hub');
      await visitor.route('push', '/static/ignored', 'static ignored');
      await visitor.route('push', '/static/filtered', 'static filtered');
      await visitor.route('push', '/static/b?ignored', 'static b');
    },
  },
  {
    name: 'a visitor who does not consent, hard and soft',
    pageviews: ['/'],
    async act(visitor) {
      const consent = { name: 'consent', url: visitor.site };
      await visitor.context.addCookies([{ ...consent, value: 'no' }]);
      await visitor.open('/', 'hub');
      await visitor.click('static b', 'static b');
      await visitor.reports('/static/b');
      await visitor.context.addCookies([{ ...consent, value: 'yes' }]);
      await visitor.open('/', 'hub');
    },
  },
];
