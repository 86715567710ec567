import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { connectBrowser } from '@successeve/test-browser/shared';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type RunningApplication, run, smallFolder } from './application.js';
import { report, send, visit } from './client.js';
import { Visitor } from './visitor.js';

/** Then `npm test` fails for it in the end. */
const isWithoutChromium = process.env.MISSING_ENGINES?.includes('chromium');

let api: FakeApi;

beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api?.close());

/** An application with a middleware on the edge, a `basePath`, and the Pages Router alone. */
function countsExactly(open: () => Promise<RunningApplication>): void {
  let app: RunningApplication;
  beforeAll(async () => {
    app = await open();
  });
  afterAll(() => app?.stop());

  it('counts a hard load and a report, once, and no bot', async () => {
    const contact = randomUUID();
    const googlebot = { 'user-agent': 'Googlebot/2.1', 'sec-fetch-dest': 'document' };
    await send(`${app.url}/shop/`, contact, { headers: googlebot });
    await visit(`${app.url}/shop/`, contact);
    await report(`${app.url}/shop/api/seen/`, contact, `${app.url}/shop/cart/`);
    await visit(`${app.url}/shop/?marker`, contact);
    const urls = (): unknown[] =>
      api.pageviews.filter((event) => event.contact_uid === contact).map((event) => event.params?.visit_url);
    while (!urls().includes(`${app.url}/shop/?marker`)) {
      await api.waitForEvents(api.events.length + 1, { timeoutMs: 10_000 });
    }
    expect(urls().sort()).toEqual(['/shop/', '/shop/?marker', '/shop/cart/'].map((path) => app.url + path));
  });

  it('answers on the edge, where nothing is tracked', async () => {
    const contact = randomUUID();
    const answer = await send(`${app.url}/shop/edge/`, contact);
    expect(answer).toMatchObject({ status: 200, body: '{"runtime":"edge"}' });
  });
}

describe("output: 'standalone', built by Turbopack from another folder", () => {
  countsExactly(async () => {
    const settings = { TEST_OUTPUT: 'standalone' };
    const printed = await build({ cwd: tmpdir(), args: [smallFolder], settings });
    expect(printed).not.toMatch(/warning:|Edge Runtime\.|successeve/i);
    const folder = `${smallFolder}.next/standalone/packages/next/test/small/`;
    return run({ api, cwd: folder, args: [`${folder}server.js`], readyPath: '/shop/' });
  });
});

describe('a server of its own, started in another folder, with the adapter for Express in front, built by webpack', () => {
  const settings = { TEST_DIST_DIR: '.next-webpack', NODE_ENV: 'production' };
  let app: RunningApplication;

  countsExactly(async () => {
    const printed = await build({ cwd: smallFolder, settings, args: ['--webpack'] });
    expect(printed).not.toMatch(/Edge Runtime\./);
    const args = [`${smallFolder}server.mjs`];
    app = await run({ api, cwd: tmpdir(), settings, args, readyPath: '/shop/' });
    return app;
  });

  it.skipIf(isWithoutChromium)('counts what a visitor does in a browser, once', async () => {
    const browser = await connectBrowser();
    const visitor = await Visitor.open(browser, app.url, api);
    await visitor.open('/shop/', 'home');
    await visitor.click('cart', 'cart');
    await visitor.acts();
    await visitor.arrived('/shop/cart/');
    await visitor.page.goto('/express');
    await visitor.arrived('/express');
    await visitor.open('/shop/cart/', 'cart');
    await visitor.page.evaluate(() => history.pushState(null, '', '/shop/?marker'));
    await visitor.stays();
    await visitor.acts();
    await visitor.arrived('/shop/?marker');
    expect(visitor.list()).toEqual(['/shop/', '/shop/cart/', '/express', '/shop/cart/', '/shop/?marker']);
    await browser.close();
  });
});
