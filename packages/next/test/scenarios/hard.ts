import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request } from 'playwright-core';
import { answered, type Scenario } from './scenario.js';

/** Pages that the browser asks the server for. */
export const hard: readonly Scenario[] = [
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
