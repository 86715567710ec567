import { openBrowser } from '@successeve/test-browser';
import { connectBrowser } from '@successeve/test-browser/shared';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApplication, run } from './application.js';
import { scenarios } from './scenarios/index.js';
import { Visitor } from './visitor.js';

let api: FakeApi;
let app: RunningApplication;

beforeAll(async () => {
  api = await startFakeApi();
  app = await run({ api });
});

afterAll(async () => {
  await app?.stop();
  await api?.close();
});

describe.each([
  { name: 'without the back-forward cache', backForwardCache: false, done: scenarios },
  { name: 'with the back-forward cache', backForwardCache: true, done: scenarios.filter((s) => s.goesBack) },
])('next start, in a browser $name', ({ backForwardCache, done }) => {
  let browser: Browser;
  beforeAll(async () => {
    // What the others share has none.
    browser = await (backForwardCache ? openBrowser({ backForwardCache }) : connectBrowser());
  });
  afterAll(() => browser?.close());

  it.concurrent.each(done)('counts $name', async ({ act, pageviews }) => {
    const visitor = await Visitor.open(browser, app.url, api);
    await act(visitor);
    expect(await visitor.received()).toEqual(pageviews.toSorted());
    await visitor.context.close();
  });

  it('has that cache or not, as this suite takes for granted', async () => {
    const visitor = await Visitor.open(browser, app.url, api);
    await visitor.open('/static/b', 'static b');
    await visitor.page.evaluate(() => Object.assign(window, { isKept: true }));
    await visitor.click('hard c', 'static c');
    await visitor.ready('static c');
    await visitor.back('static b');
    expect(await visitor.page.evaluate(() => 'isKept' in window)).toBe(backForwardCache);
    await visitor.context.close();
  });
});

describe('a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await connectBrowser();
  });
  afterAll(() => browser?.close());

  it('records an event that the server lists, for its own contact', async () => {
    const visitor = await Visitor.open(browser, app.url, api);
    await visitor.open('/', 'hub');
    await visitor.page.getByRole('button', { name: 'save filter' }).click();
    await expect
      .poll(() => api.events.filter(({ event_uid }) => event_uid === 'filter_saved'))
      .toMatchObject([{ contact_uid: visitor.contact, params: { filter: 'overdue' } }]);
    await visitor.context.close();
  });
});

describe('an application that starts the reports again', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await connectBrowser();
  });
  afterAll(() => browser?.close());

  it('says which of its own errors are not pages, and by which headers the server knows the visitor', async () => {
    const visitor = await Visitor.open(browser, app.url, api);
    await visitor.open('/', 'hub');
    await visitor.page.evaluate(() => {
      const headers = () => ({ 'x-session': 'ada' });
      window.startReporting({ headers, isPage: (page) => page !== '/static/b?failed' });
    });
    for (const path of ['/static/b', '/static/b?failed', '/gone', '/static/c']) {
      await visitor.page.evaluate((url) => window.router.push(url), path);
      await visitor.page.waitForURL(`**${path}`);
      await visitor.sees(path === '/gone' ? 'not found' : `static ${path[8]}`);
    }
    const report = visitor.page.waitForRequest('**/api/successeve');
    await visitor.acts();
    expect((await report).headers()).toMatchObject({ 'x-session': 'ada' });
    expect(await visitor.received()).toEqual(['/', '/static/b', '/static/c']);
    await visitor.context.close();
  });
});

describe('a page whose relay', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await connectBrowser();
  });
  afterAll(() => browser?.close());

  it.each<[string, (route: Route) => Promise<void>]>([
    ['is blocked', (route) => route.abort('blockedbyclient')],
    ['is missing', (route) => route.fulfill({ status: 404 })],
    ['fails', (route) => route.fulfill({ status: 500 })],
    ['never answers', async () => {}],
  ])('%s goes on as if nothing were', async (_, answer) => {
    const visitor = await Visitor.open(browser, app.url, api);
    const troubles: unknown[] = [];
    visitor.page.on('pageerror', (error) => troubles.push(error));
    await visitor.context.route('**/api/successeve', answer);
    await visitor.open('/', 'hub');
    await Promise.all([
      visitor.page.waitForRequest(
        (request) =>
          request.url() === `${app.url}/api/successeve` && request.postDataJSON().page === '/static/b',
      ),
      visitor.click('static b', 'static b').then(() => visitor.acts()),
    ]);
    await visitor.click('hub', 'hub');
    await visitor.page.reload();
    await visitor.ready('hub');
    expect(troubles).toEqual([]);
    expect(
      await visitor.page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]),
    ).toEqual(['', 0, 0]);
    await visitor.context.close();
  });
});
