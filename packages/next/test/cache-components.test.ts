import { openBrowser } from '@successeve/test-browser';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type RunningApplication, run } from './application.js';
import { scenarios } from './scenarios.js';
import { Visitor } from './visitor.js';

const settings = { TEST_CACHE_COMPONENTS: '1', TEST_DIST_DIR: '.next-cache-components' };

let api: FakeApi;
let app: RunningApplication;
let browser: Browser;

beforeAll(async () => {
  await build({ settings });
  api = await startFakeApi();
  app = await run({ api, settings });
  browser = await openBrowser({ backForwardCache: false });
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await api?.close();
});

it.concurrent.each(scenarios)(
  'with cacheComponents, counts $name',
  async ({ act, pageviews, streamed = pageviews }) => {
    const visitor = await Visitor.open(browser, app.url, api);
    await act(visitor);
    expect(await visitor.received()).toEqual(streamed.toSorted());
    await visitor.context.close();
  },
);
