import { randomUUID } from 'node:crypto';
import { type Engine, type EngineName, openEngine } from '@successeve/test-browser/engines';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningApplication, run } from './application.js';

/** Visits the application, whose Referrer-Policy is no-referrer, in another engine than the rest of the suite. */
export function noReferrerScenario(name: EngineName): void {
  let api: FakeApi;
  let app: RunningApplication;
  let engine: Engine;

  beforeAll(async () => {
    api = await startFakeApi();
    app = await run({ api });
    engine = await openEngine(name);
  });

  afterAll(async () => {
    await engine?.close();
    await app?.stop();
    await api?.close();
  });

  // Firefox sends `Origin: null` there.
  it(`${name} reports the pages of a site whose Referrer-Policy is no-referrer`, async () => {
    const contact = randomUUID();
    const tab = await engine.openTab();
    // Looks at the page for longer than a redirect takes.
    const sees = (title: string): Promise<void> =>
      tab.evaluate(`new Promise((resolve) => {
      const look = () => {
        const isThere = document.querySelector('h1')?.textContent === '${title}' && window.router;
        setTimeout(isThere ? resolve : look, 150);
      };
      look();
    })`);
    await tab.goto(`${app.url}/logo.svg`);
    await tab.evaluate(`void (document.cookie = 'user=${contact}')`);
    await tab.goto(app.url);
    await sees('hub');
    await tab.click('a[href="/static/b"]');
    await sees('static b');
    await tab.start('history.back()');
    await sees('hub');
    await tab.press('a');
    await expect
      .poll(() => {
        const pages = api.pageviews.filter(({ contact_uid }) => contact_uid === contact);
        return pages.map(({ params }) => String(params?.visit_url).replace(app.url, ''));
      })
      .toEqual(['/', '/static/b', '/']);
    expect(tab.errors).toEqual([]);
    await tab.close();
  });
}
