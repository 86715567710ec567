import { connectBrowser } from '@successeve/test-browser/shared';
import { scale } from '@successeve/test-scale';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type RunningApplication, run } from './application.js';
import { scenarios } from './scenarios/index.js';
import { Visitor } from './visitor.js';

const settings = { TEST_CACHE_COMPONENTS: '1', TEST_DIST_DIR: '.next-cache-components' };

let api: FakeApi;
let app: RunningApplication;
let browser: Browser;

beforeAll(async () => {
  await build({ settings });
  api = await startFakeApi();
  app = await run({ api, settings });
  browser = await connectBrowser();
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await api?.close();
});

// Only what the option changes: what streams, and what a page keeps while it is left.
const different = scenarios.filter(({ streamed, goesBack }) => streamed || goesBack);

it.concurrent.each(scale(different, scenarios))(
  'with cacheComponents, counts $name',
  async ({ act, pageviews, streamed = pageviews }) => {
    const visitor = await Visitor.open(browser, app.url, api);
    // Only where it matters: a browser whose requests are looked at fetches no page ahead.
    if (streamed.includes('/redirecting')) await visitor.page.route('/redirecting', postponeRefresh);
    await act(visitor);
    expect(await visitor.received()).toEqual(streamed.toSorted());
    await visitor.context.close();
  },
);

/**
 * Next redirects a page that streams by its router and, a second after its begin, by a `<meta>`. On a busy machine that
 * one comes while the router's request is under way, and the browser asks for the page twice.
 */
async function postponeRefresh(route: Route): Promise<void> {
  const response = await route.fetch();
  const html = await response.text();
  expect(html).toContain('content="1;url=');
  await route.fulfill({ response, body: html.replace('content="1;url=', 'content="60;url=') });
}
