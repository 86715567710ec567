import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page, Request } from 'playwright-core';
import type { Visitor } from './visitor.js';

/** What a visitor does with a browser, and the pageviews that must result. */
export interface Scenario {
  readonly name: string;
  /** `contact path` of each, in order; the contact is left out where it is the visitor's own. */
  readonly pageviews: readonly string[];
  act(visitor: Visitor): Promise<void>;
  /**
   * What comes of it where a page has begun to stream, with the status 200, before it redirects or is not found: the
   * server cannot know any more.
   */
  readonly streamed?: readonly string[];
  /** Whether it goes back, which browsers do with a back-forward cache and without. */
  readonly goesBack?: true;
  /** Whether a short run does it too: those in which development and production differ. */
  readonly isBrief?: true;
}

const isPrefetch = (request: Request): boolean => request.headers().rsc === '1';

/** Waits until the links in view have been fetched ahead. */
async function prefetched(page: Page, ...paths: string[]): Promise<void> {
  await Promise.all(
    paths.map((path) =>
      page.waitForResponse(
        (response) => isPrefetch(response.request()) && new URL(response.url()).pathname === path,
      ),
    ),
  );
}

/** Waits for the answer to a request that `act` leads to. */
async function answered(
  page: Page,
  matches: (request: Request) => boolean,
  act: () => Promise<unknown>,
): Promise<void> {
  await Promise.all([page.waitForResponse((response) => matches(response.request())), act()]);
}

const hard: readonly Scenario[] = [
  {
    name: 'a hard load',
    pageviews: ['/'],
    act: (visitor) => visitor.open('/', 'hub'),
  },
  {
    name: 'a hard load of a URL with a secret, a hash, and what needs no escape',
    isBrief: true,
    pageviews: ['/search?q=%C3%A9%20%27x%27&token=', '/search?q=%C3%A9%20%27x%27&token=&more'],
    async act(visitor) {
      await visitor.open("/search?q=é 'x'&token=s3cret#part", "search é 'x'");
      await visitor.route('push', "/search?q=é 'x'&token=s3cret&more", "search é 'x'");
      await visitor.page.waitForURL(/more/);
    },
  },
  {
    name: 'a reload, of a static page and of a dynamic one',
    pageviews: ['/static/b', '/static/b', '/dynamic/1', '/dynamic/1'],
    async act(visitor) {
      for (const [path, title] of [
        ['/static/b', 'static b'],
        ['/dynamic/1', 'dynamic 1'],
      ] as const) {
        await visitor.open(path, title);
        await visitor.page.reload();
        await visitor.ready(title);
      }
    },
  },
  {
    name: 'an arrival from another site, through its redirect',
    pageviews: ['/static/b'],
    async act(visitor) {
      const elsewhere = createServer((_req, res) => {
        res.writeHead(302, { location: `${visitor.site}/static/b` }).end();
      }).listen(0, '127.0.0.1');
      await once(elsewhere, 'listening');
      await visitor.page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
      await visitor.ready('static b');
      elsewhere.close();
    },
  },
  {
    name: 'redirects by the page, by the configuration and by the proxy, hard',
    pageviews: ['/static/b', '/static/b', '/static/b', '/legacy/server'],
    streamed: ['/redirecting', '/static/b', '/static/b', '/static/b', '/legacy/server'],
    async act(visitor) {
      for (const path of ['/redirecting', '/old', '/via-proxy']) await visitor.open(path, 'static b');
      await visitor.open('/legacy/redirecting', 'legacy server');
    },
  },
  {
    name: 'pages that are not found, hard',
    isBrief: true,
    pageviews: [],
    streamed: ['/gone'],
    async act(visitor) {
      await visitor.open('/nowhere', 'not found');
      await visitor.open('/gone', 'not found');
    },
  },
  {
    name: 'a document that is not a page, and assets',
    pageviews: ['/'],
    async act(visitor) {
      await visitor.page.goto('/logo.svg');
      await visitor.open('/', 'hub');
      const add = (): void => {
        document.body.append(Object.assign(new Image(), { src: '/logo.svg?image' }));
      };
      await answered(
        visitor.page,
        (request) => request.url().endsWith('?image'),
        () => visitor.page.evaluate(add),
      );
    },
  },
  {
    name: 'a page in a frame and a navigation in there, a fetch of a page, a link of the kind prefetch',
    pageviews: ['/'],
    async act(visitor) {
      const { page } = visitor;
      await visitor.open('/', 'hub');
      const to =
        (path: string) =>
        (request: Request): boolean =>
          request.url().endsWith(path);
      await answered(page, to('/static/b?fetched'), () =>
        page.evaluate(async () => {
          await (await fetch('/static/b?fetched', { headers: { accept: 'text/html' } })).text();
        }),
      );
      await answered(page, to('/static/b?framed'), () =>
        page.evaluate(() => {
          document.body.append(Object.assign(document.createElement('iframe'), { src: '/static/b?framed' }));
        }),
      );
      const frame = page.frameLocator('iframe');
      await frame.getByText('hydrated').waitFor();
      await frame.getByRole('link', { name: 'static a', exact: true }).click();
      await frame.getByRole('heading', { name: 'static a' }).waitFor();
      await visitor.sees('hub');
      await answered(page, to('/static/b?linked'), () =>
        page.evaluate(() => {
          document.head.append(
            Object.assign(document.createElement('link'), { rel: 'prefetch', href: '/static/b?linked' }),
          );
        }),
      );
    },
  },
  {
    name: 'a page that the browser had fetched by speculation rules',
    pageviews: ['/speculation', '/static/c'],
    async act(visitor) {
      const isAhead = (request: Request): boolean => request.url() === `${visitor.site}/static/c`;
      await answered(visitor.page, isAhead, () => visitor.open('/speculation', 'speculation'));
      await visitor.click('hard c', 'static c');
      await visitor.ready('static c');
    },
  },
  {
    name: 'back and forward between documents',
    goesBack: true,
    pageviews: ['/static/b', '/static/c', '/static/b', '/static/c'],
    async act(visitor) {
      await visitor.open('/static/b', 'static b');
      await visitor.click('hard c', 'static c');
      await visitor.ready('static c');
      await visitor.back('static b');
      await visitor.ready('static b');
      await visitor.forward('static c');
      await visitor.ready('static c');
    },
  },
  {
    name: 'back and forward between documents, one of which may not be kept',
    goesBack: true,
    pageviews: ['/dynamic/1', '/static/b', '/dynamic/1', '/static/b'],
    async act(visitor) {
      await visitor.open('/dynamic/1', 'dynamic 1');
      await visitor.open('/static/b', 'static b');
      await visitor.back('dynamic 1');
      await visitor.ready('dynamic 1');
      await visitor.forward('static b');
      await visitor.ready('static b');
    },
  },
  {
    name: 'back to a page that was not found',
    goesBack: true,
    pageviews: ['/static/b'],
    async act(visitor) {
      await visitor.open('/nowhere', 'not found');
      await visitor.open('/static/b', 'static b');
      await visitor.back('not found');
      await visitor.ready('not found');
    },
  },
];

const soft: readonly Scenario[] = [
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

const pagesRouter: readonly Scenario[] = [
  {
    name: 'the Pages Router: hard loads',
    pageviews: ['/legacy/static', '/legacy/built', '/legacy/server?a=1', '/legacy/static', '/legacy/static'],
    async act(visitor) {
      await visitor.open('/legacy/static', 'legacy static');
      await visitor.open('/legacy/built', 'legacy built');
      await visitor.open('/legacy/server?a=1', 'legacy server');
      await visitor.open('/legacy/static', 'legacy static');
      await visitor.page.reload();
      await visitor.ready('legacy static');
    },
  },
  {
    name: 'the Pages Router: static, getStaticProps, getServerSideProps, a redirect, back and forward',
    goesBack: true,
    pageviews: ['other', 'built', 'server', 'server']
      .flatMap((page) => ['/legacy/static', `/legacy/${page}`])
      .concat('/legacy/static', '/legacy/server'),
    async act(visitor) {
      await visitor.open('/legacy/static', 'legacy static');
      for (const page of ['other', 'built', 'server']) {
        await visitor.click(`legacy ${page}`, `legacy ${page}`);
        await visitor.back('legacy static');
      }
      await visitor.click('legacy redirecting', 'legacy server');
      await visitor.back('legacy static');
      await visitor.forward('legacy server');
    },
  },
  {
    name: 'the Pages Router: a redirect inside the browser',
    pageviews: ['/legacy/static', '/legacy/server?slow'],
    async act(visitor) {
      await visitor.isPatient();
      await visitor.open('/legacy/static', 'legacy static');
      await visitor.click('legacy guarded', 'legacy server');
    },
  },
  {
    name: 'from the App Router to the Pages Router and back',
    goesBack: true,
    isBrief: true,
    pageviews: ['/', '/legacy/static', '/static/b', '/legacy/static', '/'],
    async act(visitor) {
      await visitor.open('/', 'hub');
      await visitor.click('legacy static', 'legacy static');
      await visitor.ready('legacy static');
      await visitor.click('static b', 'static b');
      await visitor.ready('static b');
      await visitor.back('legacy static');
      await visitor.ready('legacy static');
      await visitor.back('hub');
      await visitor.ready('hub');
    },
  },
];

export const scenarios: readonly Scenario[] = [...hard, ...soft, ...pagesRouter];
