import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '@successeve/test-browser/engines';
import type { Express } from 'express';
import { it } from 'vitest';
import { buildApp } from './build-app.js';
import { startSite } from './site.js';
import { Visitor } from './visitor.js';

/** Libraries that fetch the pages of a server and put them in place of the document's. */
export const swapApps: Readonly<Record<string, string>> = {
  Turbo: 'swaps/turbo.ts',
  'htmx 4': 'swaps/htmx.ts',
  Unpoly: 'swaps/unpoly.ts',
  Swup: 'swaps/swup.ts',
  "Astro's ClientRouter": 'swaps/astro.ts',
};

const paths = ['/', '/a', '/b', '/slow', '/moved', '/missing'];

/** Visits a site with each of the libraries. */
export function swapScenarios(engine: () => Engine, apps: readonly string[]): void {
  it.each(apps)('each page that %s swaps in is counted once', async (app) => {
    await using site = await startSite({ routes: await serveSwapApp(app) });
    await using visitor = await Visitor.signIn(engine(), site);
    await visitSwapApp(visitor);
  });
}

/** A site of many pages, with the library in each. */
async function serveSwapApp(name: string): Promise<(app: Express) => void> {
  const script = await buildApp(swapApps[name] as string);
  // All of them find in it what they need: htmx its attribute, Astro its switch, Swup its container.
  const page = (path: string): string => `<!doctype html>
    <html><head><title>${path}</title>
    <meta name="astro-view-transitions-enabled" content="true">
    <script src="/seen.js" defer></script><script type="module" src="/library.js"></script></head>
    <body hx-boost:inherited="true"><main id="swup"><h1>${path}</h1>
    ${paths.map((to) => `<a href="${to}">${to}</a>`).join(' ')} <a href="#section">section</a>
    </main></body></html>`;
  return (app) => {
    app.get('/library.js', (_req, res) => res.type('text/javascript').send(script));
    app.get('/slow', async (_req, res) => {
      await delay(300);
      res.type('html').send(page('/slow'));
    });
    app.get('/moved', (_req, res) => res.redirect('/b'));
    app.get('/missing', (_req, res) => res.status(404).type('html').send(page('/missing')));
    app.get(/.*/, (req, res) => res.type('html').send(page(req.path)));
  };
}

/** A visit that meets caches, redirects, slow pages, and one that is missing. */
async function visitSwapApp(visitor: Visitor): Promise<void> {
  await visitor.goto('/');
  await visitor.sees('/');
  await visitor.follows('/a');
  await visitor.follows('/slow');
  await visitor.goesBack('/a');
  await visitor.goesBack('/');
  await visitor.goesForward('/a');
  // Turbo fetches a page under the pointer, and not again when it is clicked.
  await visitor.tab.hover('a[href="/b"]');
  await visitor.stays();
  await visitor.follows('/b');
  await visitor.tab.click('a[href="#section"]');
  await visitor.until(`location.hash === '#section'`);
  await visitor.stays();
  await visitor.follows('/slow');
  await visitor.follows('/moved', '/b');
  await visitor.follows('/missing');
  await visitor.follows('/a');
  await visitor.leavesHavingSeen('/', '/a', '/slow', '/a', '/', '/a', '/b', '/slow', '/b', '/a');
}
