import { connectBrowser } from '@successeve/test-browser/shared';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { devArgs, type RunningApplication, run } from './application.js';
import { scenarios } from './scenarios/index.js';
import { Visitor } from './visitor.js';

const settings = { TEST_DIST_DIR: '.next-dev' };

/** One of each kind that is visited. */
const pages = [
  '/',
  '/static/b',
  '/dynamic/1',
  '/search',
  '/actions',
  '/gone',
  '/redirecting',
  '/nowhere',
  '/legacy/static',
];

let api: FakeApi;
let app: RunningApplication;
let browser: Browser;

beforeAll(async () => {
  api = await startFakeApi();
  app = await run({ api, settings, args: devArgs, readyPath: '/' });
  // Next compiles a page when it is first asked for, and may reload the others then.
  for (const path of pages) await fetch(app.url + path);
  await fetch(`${app.url}/api/successeve`, { method: 'POST' });
  browser = await connectBrowser();
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await api?.close();
});

it.each(scenarios.filter(({ isBrief }) => isBrief))('next dev counts $name', async ({ act, pageviews }) => {
  const visitor = await Visitor.open(browser, app.url, api);
  await act(visitor);
  expect(await visitor.received()).toEqual(pageviews.toSorted());
  await visitor.context.close();
});
