import { createRequire } from 'node:module';
import {
  type AdapterUnderTest,
  type Answer,
  listen,
  openSite,
  type Site,
} from '@successeve/testing/adapter-contract';
import express5, { type Application, type Request, type RequestHandler } from 'express';
import { describe, expect, it } from 'vitest';
import { browserReports, type TrackingOptions, tracking } from './index.js';

const require = createRequire(import.meta.url);
const express4 = require('express4') as typeof express5;

describe.each([
  ['express 4', express4],
  ['express 5', express5],
])('browserReports() on %s', (_, express) => {
  /** Opens a site whose application a test builds behind `tracking`. */
  function open(
    build: (app: Application) => void,
    options: Partial<TrackingOptions<Request>> = {},
  ): Promise<Site> {
    const adapter: AdapterUnderTest<Request> = {
      userOf: () => ({ id: 'ada', orgId: 'org-of-ada' }),
      rawOf: (req) => req,
      mount(tracker, given) {
        const app = express().set('env', 'test').use(tracking(tracker, given));
        build(app);
        return listen(app);
      },
    };
    return openSite(adapter, { tracking: { browser: true, ...options } });
  }

  const report = (
    site: Site,
    path = '/seen',
    headers: Record<string, string | undefined> = {},
  ): Promise<Answer> =>
    site.send({
      method: 'POST',
      path,
      body: '{"page":"/inbox","age":0}',
      headers: {
        'sec-fetch-dest': 'empty',
        'sec-fetch-site': 'same-origin',
        'content-type': 'text/plain',
        ...headers,
      },
    });

  it.each<[string, () => RequestHandler]>([
    ['as text', () => express.text()],
    ['as bytes', () => express.raw({ type: '*/*' })],
    ['as JSON', () => express.json({ type: '*/*' })],
    ['not at all', () => (_req, _res, next) => next()],
  ])('takes a report that the application has parsed %s', async (_, parser) => {
    const site = await open((app) => app.use(parser(), browserReports()));

    expect(await report(site)).toMatchObject({ status: 204 });
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/inbox`]);
  });

  it('leaves every other request to the application', async () => {
    const site = await open((app) => {
      app.use(browserReports());
      app.get('/seen', (_req, res) => void res.send('what was seen'));
      app.post('/seen/it', (_req, res) => void res.send('it'));
    });

    expect(await site.get('/seen')).toMatchObject({ status: 200, body: 'what was seen' });
    expect(await report(site, '/seen/it')).toMatchObject({ status: 200, body: 'it' });
  });

  it('takes reports in a router, by the path that the browser asked for', async () => {
    const site = await open((app) => app.use('/app', browserReports()), { browser: { path: '/app/seen' } });

    expect(await report(site, '/app/seen')).toMatchObject({ status: 204 });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
  });

  it('is missed, in a warning, where nothing takes the reports', async () => {
    const site = await open((app) => app.use((_req, res) => void res.status(401).end()));

    for (const _ of [1, 2]) expect(await report(site)).toMatchObject({ status: 401 });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { method: 2 } });
    expect(site.lines).toEqual([
      expect.stringContaining(
        'a browser reported to /seen, and no browserReports() took it: the answer was 401',
      ),
    ]);
  });

  it.each([
    ['same-origin', { recorded: 1, skipped: {} }],
    [undefined, { recorded: 0, skipped: { cross_site: 1 } }],
  ])('warns where a proxy hides the public host, with Sec-Fetch-Site %s', async (fetchSite, outcome) => {
    const site = await open((app) => app.use(browserReports()));

    await report(site, '/seen', { 'sec-fetch-site': fetchSite, origin: 'https://app.example.com' });
    await site.flush();

    expect(site.outcome).toEqual(outcome);
    expect(site.lines).toEqual([
      expect.stringContaining(
        `a browser reports pages of https://app.example.com, but requests come for ${site.url}: let your proxy pass`,
      ),
    ]);
  });

  it('does not warn where a development server on the same machine hides its address', async () => {
    const site = await open((app) => app.use(browserReports()));

    await report(site, '/seen', { origin: 'http://localhost:5173' });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
    expect(site.lines).toEqual([]);
  });

  it('warns where tracking has no option `browser`', async () => {
    const site = await open((app) => app.use(browserReports()), { browser: false });

    for (const _ of [1, 2]) await report(site);

    expect(site.lines).toEqual([expect.stringContaining('tracking has no option `browser`')]);
  });

  it('counts a report whose browser leaves in the middle of it as aborted', async () => {
    let arrived = (): void => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const site = await open((app) => {
      app.use((_req, _res, next) => {
        next();
        arrived();
      });
      app.use(browserReports());
    });

    const leaving = site.start({
      method: 'POST',
      path: '/seen',
      headers: { 'sec-fetch-site': 'same-origin', 'content-length': '100' },
    });
    await arrival;
    leaving.abort();
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { aborted: 1 } });
  });
});
