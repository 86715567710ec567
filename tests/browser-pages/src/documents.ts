import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine, EngineName } from '@successeve/test-browser/engines';
import type { Express } from 'express';
import { expect, it, vi } from 'vitest';
import { type Site, startSite } from './site.js';
import { Visitor } from './visitor.js';

interface Scenario {
  readonly does: (visitor: Visitor, site: Site) => Promise<void>;
  readonly counts: readonly string[];
  readonly only?: EngineName;
  /** Whether the browser counts the documents. */
  readonly documents?: true;
}

const links = ['/a', '/b', '/cached', '/checked', '/prefetched', '/prerendered'];

function page(heading: string): string {
  const list = links.map((to) => `<a href="${to}">${to}</a>`).join(' ');
  return `<!doctype html><title>${heading}</title><script src="/seen.js" defer></script><h1>${heading}</h1>${list}`;
}

/** Longer than it takes a page to count by itself. */
const slowMs = 1_800;

/** What browsers fetched before anyone asked for it. */
const fetchedAhead = new Set<string>();

/** A site of ordinary documents, some of which browsers keep or fetch ahead. */
function serve(app: Express): void {
  app.get('/cached', (_req, res) => {
    res.set('cache-control', 'private, max-age=600').type('html').send(page('/cached'));
  });
  app.get('/checked', (_req, res) => {
    res.set('cache-control', 'private, no-cache').type('html').send(page('/checked'));
  });
  app.get('/rules.json', (_req, res) => {
    const rules = {
      prefetch: [{ urls: ['/prefetched'], eagerness: 'immediate' }],
      prerender: [{ urls: ['/prerendered'], eagerness: 'immediate' }],
    };
    res.type('application/speculationrules+json').send(JSON.stringify(rules));
  });
  app.get('/ahead', (_req, res) => {
    res.set('speculation-rules', '"/rules.json"').type('html').send(page('/ahead'));
  });
  app.get('/starting', (_req, res) => {
    res.type('html').send(`${page('/starting')}<script type="module" src="/starting.js"></script>`);
  });
  app.get('/starting.js', async (_req, res) => {
    await delay(slowMs);
    res.type('text/javascript').send(`history.replaceState(null, '', '/inbox')`);
  });
  app.get('/worker.js', (_req, res) => {
    res.type('text/javascript').send(`
      addEventListener('activate', (event) => event.waitUntil(clients.claim()));
      addEventListener('fetch', (event) => {
        if (new URL(event.request.url).pathname !== '/from-worker') return;
        event.respondWith(caches.match('/from-worker'));
      });`);
  });
  app.get(/.*/, (req, res) => {
    // Its heading says so, so that a test sees which of two answers is shown.
    const isAhead = req.get('sec-purpose') !== undefined;
    if (isAhead) res.once('finish', () => fetchedAhead.add(req.path));
    res.type('html').send(page(isAhead ? `${req.path} ahead` : req.path));
  });
}

const scenarios: Readonly<Record<string, Scenario>> = {
  'documents count once each, and once more when they are loaded again': {
    does: async (visitor) => {
      await visitor.goto('/a');
      await visitor.sees('/a');
      await visitor.tab.reload();
      await visitor.sees('/a');
      await visitor.follows('/b');
    },
    counts: ['/a', '/a', '/b'],
  },
  'the browser counts the documents that are left to it, also those that are left at once': {
    documents: true,
    does: async (visitor) => {
      await visitor.goto('/a');
      await visitor.until('window.successeve');
      await visitor.goto('/b');
      await visitor.sees('/b');
    },
    counts: ['/a', '/b'],
  },
  'a document that its script turns into another page is two pages, where the server counts documents': {
    does: async (visitor) => {
      await visitor.goto('/a');
      await visitor.tab.evaluate(`history.replaceState(null, '', '/inbox')`);
      await visitor.stays();
    },
    counts: ['/a', '/inbox'],
  },
  'a page that a router chooses is the only one, also where its script takes long to load': {
    documents: true,
    does: async (visitor) => {
      await visitor.goto('/starting');
      await visitor.until(`location.pathname === '/inbox'`);
      await visitor.stays();
    },
    counts: ['/inbox'],
  },
  'a return from the back-forward cache counts': {
    does: async (visitor) => {
      await visitor.goto('/a');
      await visitor.tab.evaluate('void (window.isKept = true)');
      await visitor.follows('/b');
      await visitor.goesBack('/a');
      expect(await visitor.tab.evaluate('window.isKept === true')).toBe(true);
      await visitor.goesForward('/b');
    },
    counts: ['/a', '/b', '/a', '/b'],
  },
  'a document out of the HTTP cache counts': {
    does: async (visitor) => {
      await visitor.goto('/cached');
      await visitor.sees('/cached');
      // What the mark says of it must be clearly older.
      await visitor.passes(2_500);
      await visitor.follows('/a');
      await visitor.follows('/cached');
    },
    counts: ['/cached', '/a', '/cached'],
  },
  'a document that the browser checks with the server counts once': {
    does: async (visitor) => {
      await visitor.goto('/checked');
      await visitor.sees('/checked');
      await visitor.passes(2_500);
      await visitor.follows('/a');
      await visitor.follows('/checked');
    },
    counts: ['/checked', '/a', '/checked'],
  },
  'a sign-in over another site counts once': {
    does: async (visitor, site) => {
      const elsewhere = createServer((_req, res) => {
        res.writeHead(302, { location: `${site.url}/a` }).end();
      }).listen(0, 'localhost');
      await once(elsewhere, 'listening');
      await visitor.goto(`http://localhost:${(elsewhere.address() as AddressInfo).port}/`);
      await visitor.sees('/a');
      elsewhere.closeAllConnections();
      elsewhere.close();
    },
    counts: ['/a'],
  },
  'a document from a service worker counts': {
    does: async (visitor) => {
      await visitor.goto('/a');
      await visitor.sees('/a');
      await visitor.runs(`
        await (await caches.open('pages')).add(new Request('/from-worker'));
        await navigator.serviceWorker.register('/worker.js');
        await navigator.serviceWorker.ready;
        if (!navigator.serviceWorker.controller) {
          await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
        }`);
      await visitor.passes(2_500);
      await visitor.goto('/from-worker');
      await visitor.sees('/from-worker');
    },
    counts: ['/a', '/from-worker'],
  },
  'a document that was fetched ahead counts when it is visited': {
    only: 'chromium',
    does: async (visitor) => {
      await visitor.goto('/ahead');
      await visitor.sees('/ahead');
      await vi.waitUntil(() => fetchedAhead.has('/prefetched'), { timeout: 15_000 });
      await visitor.follows('/prefetched', '/prefetched ahead');
    },
    counts: ['/ahead', '/prefetched'],
  },
  'a document that was prerendered counts when it is visited': {
    only: 'chromium',
    does: async (visitor) => {
      await visitor.goto('/ahead');
      await visitor.sees('/ahead');
      await vi.waitUntil(() => fetchedAhead.has('/prerendered'), { timeout: 15_000 });
      await visitor.follows('/prerendered', '/prerendered ahead');
      const [{ activationStart }] = await visitor.tab.evaluate<
        readonly [{ readonly activationStart: number }]
      >(`performance.getEntriesByType('navigation').map(({ activationStart }) => ({ activationStart }))`);
      expect(activationStart).toBeGreaterThan(0);
    },
    counts: ['/ahead', '/prerendered'],
  },
};

/** Visits documents in ways that ask the server for them, and in ways that do not. */
export function documentScenarios(engine: () => Engine, name: EngineName): void {
  const here = Object.entries(scenarios).filter(([, { only = name }]) => only === name);
  it.each(here)('%s', async (_, { does, counts, documents = false }) => {
    await using site = await startSite({ browser: { documents }, routes: serve });
    await using visitor = await Visitor.signIn(engine(), site);
    await does(visitor, site);
    await visitor.leavesHavingSeen(...counts);
  });
}
