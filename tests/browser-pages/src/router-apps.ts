import type { Engine } from '@successeve/test-browser/engines';
import type { Express } from 'express';
import { it } from 'vitest';
import { buildApp } from './build-app.js';
import { startSite } from './site.js';
import { Visitor } from './visitor.js';

/** The applications that navigate by themselves, after their one document. */
export const routerApps: Readonly<Record<string, string>> = {
  'React Router': 'routers/react-router.tsx',
  'Vue Router': 'routers/vue-router.ts',
  'TanStack Router': 'routers/tanstack-router.tsx',
  "Angular's router": 'routers/angular-router.ts',
  'a hash router': 'routers/hash-router.tsx',
  'navigation.navigate()': 'routers/navigation-api.ts',
};

/** Visits an application with each of the routers. */
export function routerScenarios(engine: () => Engine, apps: readonly string[]): void {
  it.each(apps)('each page of an application on %s is counted once', async (app) => {
    // Its compiler runs in the page here.
    const scriptSrc = app === "Angular's router" ? ["'unsafe-eval'"] : [];
    await using site = await startSite({
      browser: { documents: true },
      allows: { scriptSrc },
      routes: await serveRouterApp(app),
    });
    await using visitor = await Visitor.signIn(engine(), site);
    await visitRouterApp(visitor, app);
  });
}

/** Answers every path with the shell of an application. */
async function serveRouterApp(name: string): Promise<(app: Express) => void> {
  const script = await buildApp(routerApps[name] as string);
  // It imports the package, as one does with a bundler.
  const tag = name === 'React Router' ? '' : '<script src="/seen.js" defer></script>';
  const shell = `<!doctype html><title>app</title><main id="app"></main>${tag}<script type="module" src="/app.js"></script>`;
  return (app) => {
    app.get('/app.js', (_req, res) => res.type('text/javascript').send(script));
    app.get(/.*/, (_req, res) => res.type('html').send(shell));
  };
}

/** A visit with all that a router does with its URL. */
async function visitRouterApp(visitor: Visitor, name: string): Promise<void> {
  const isHash = name === 'a hash router';
  const url = (path: string): string => (isHash ? `/#${path}` : path);
  const href = (path: string): string => (isHash ? `#${path}` : path);

  await visitor.goto('/');
  await visitor.sees('/inbox');
  await visitor.follows(href('/list'), '/list');
  // A filter is not a visit.
  await visitor.tab.click('input');
  await visitor.tab.press('a');
  await visitor.until(`location.href.endsWith('/list?q=a')`);
  await visitor.tab.press('b');
  await visitor.until(`location.href.endsWith('/list?q=ab')`);
  // A guard sends the visitor elsewhere.
  await visitor.follows(href('/old'), '/new');
  await visitor.goesBack('/list');
  await visitor.goesForward('/new');
  // Five at once are redirects but for the last.
  await visitor.tab.click('#burst');
  await visitor.sees('/item/5');
  if (!isHash) {
    await visitor.tab.click('#anchor');
    await visitor.until(`location.hash === '#section'`);
    await visitor.stays();
  }
  // The same page again is nothing.
  await visitor.follows(href('/item/1'), '/item/1');
  await visitor.follows(href('/item/1'), '/item/1');
  await visitor.leavesHavingSeen(
    ...['/inbox', '/list', '/new', '/list?q=ab', '/new', '/item/5', '/item/1'].map(url),
  );
}
