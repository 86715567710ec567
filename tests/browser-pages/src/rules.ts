import type { Engine, EngineName } from '@successeve/test-browser/engines';
import { it } from 'vitest';
import { buildApp } from './build-app.js';
import { startSite } from './site.js';
import { Visitor } from './visitor.js';

interface Rule {
  /** Steps in the page, or in and around it. The page `/` is shown, and has been a visit. */
  readonly does: string | ((visitor: Visitor) => Promise<void>);
  /** The pages that are visits then. */
  readonly counts: readonly string[];
  readonly notIn?: EngineName;
  /** Whether no tab is left in which to go on. */
  readonly endsTab?: true;
}

/** The page's clock stands still but for `pass`, so that no slow machine makes a redirect of a visit. */
const rules: Readonly<Record<string, Rule>> = {
  'a page becomes a visit after a second and a half': {
    does: async (visitor) => {
      await visitor.runs(`push('/a'); pass(1499)`);
      await visitor.records('/');
      await visitor.runs('pass(1)');
      await visitor.records('/', '/a');
    },
    counts: ['/a'],
  },
  'a page is a visit when the document is left': { does: `push('/a')`, counts: ['/a'] },
  'a page that another one follows within 100 ms was a redirect': {
    does: `push('/a'); pass(99); push('/b')`,
    counts: ['/b'],
  },
  'a page that another one follows later is a visit': {
    does: `push('/a'); pass(100); push('/b')`,
    counts: ['/a', '/b'],
  },
  'a page that another path replaces was a redirect': {
    does: `push('/a'); pass(1499); replace('/b')`,
    counts: ['/b'],
  },
  'a visit stays one when another path replaces it': {
    does: `push('/a'); pass(1500); replace('/b')`,
    counts: ['/a', '/b'],
  },
  'a page is a visit as soon as the visitor acts on it': {
    does: async (visitor) => {
      await visitor.runs(`push('/a'); pass(100)`);
      await visitor.tab.click('input');
      await visitor.records('/', '/a');
      await visitor.runs(`replace('/b'); pass(100)`);
      await visitor.tab.press('a');
      await visitor.records('/', '/a', '/b');
      await visitor.runs(`replace('/c')`);
    },
    counts: ['/a', '/b', '/c'],
  },
  'input on a page that was just shown decides nothing': {
    does: async (visitor) => {
      await visitor.runs(`push('/a'); pass(99)`);
      await visitor.tab.click('input');
      await visitor.runs(`replace('/b')`);
    },
    counts: ['/b'],
  },
  'the same page again is nothing': {
    does: `push('/a'); pass(1500); push('/a'); pass(1500); replace('/a'); pass(1500)`,
    counts: ['/a'],
  },
  'a router that writes the URL again before it pushes changes nothing': {
    does: `replace('/'); push('/a')`,
    counts: ['/a'],
  },
  'a replaced query renames a page': {
    does: `push('/list'); pass(500); replace('/list?q=a'); pass(500); replace('/list?q=ab'); pass(500)`,
    counts: ['/list?q=ab'],
  },
  'a replaced query is not a second visit': {
    does: `push('/list'); pass(1500); replace('/list?q=a'); pass(1500); push('/list?q=a'); pass(1500)`,
    counts: ['/list'],
  },
  'a pushed query is a page': {
    does: `push('/?tab=a'); pass(300); push('/?tab=b'); pass(300); push('/?tab=a')`,
    counts: ['/?tab=a', '/?tab=b', '/?tab=a'],
  },
  'a fragment is not a page': {
    does: `location.hash = 'section'; pass(1500); push('#other'); pass(1500); await go(-1); pass(1500)`,
    counts: [],
  },
  'a fragment that is a route is a page': {
    does: `location.hash = '/a'; pass(1500); location.hash = '!/b?q=a'; pass(500); replace('#!/b?q=ab'); pass(1500)`,
    counts: ['/#/a', '/#!/b?q=ab'],
  },
  'back and forward are visits': {
    does: `push('/a'); pass(400); await go(-1); pass(400); await go(1)`,
    counts: ['/a', '/', '/a'],
  },
  'a return from a page that was never a visit is nothing': {
    does: `push('/a'); pass(99); await go(-1); pass(1500)`,
    counts: [],
  },
  'a page without a URL is a visit by its name': {
    does: `successeve.page('/step/1'); pass(100); successeve.page('/step/2'); pass(99); successeve.page('/step/3')`,
    counts: ['/step/1', '/step/3'],
  },
  'navigation.navigate() is seen': {
    does: `
      navigation.addEventListener('navigate', (event) => event.destination.url.endsWith('/bye') || event.intercept());
      await navigation.navigate('/a').finished;
      pass(100);
      await navigation.navigate('/b').finished;
      await navigation.navigate('/c', { history: 'replace' }).finished;
      navigation.updateCurrentEntry({ state: 1 })`,
    counts: ['/a', '/c'],
    notIn: 'webkit',
  },
  'a page is a visit when the tab is hidden': {
    does: async (visitor) => {
      await visitor.runs(`push('/a')`);
      await visitor.tab.hide();
      await visitor.records('/', '/a');
    },
    counts: ['/a'],
  },
  'a page is a visit when the tab is closed': {
    does: async (visitor) => {
      await visitor.runs(`push('/a')`);
      await visitor.tab.closeAlone();
    },
    counts: ['/a'],
    endsTab: true,
    // It loses one in some twenty of what is sent while a tab is closed.
    notIn: 'firefox',
  },
  'a page that is pushed in a hidden tab is a visit once it is shown': {
    does: async (visitor) => {
      await visitor.tab.hide();
      await visitor.until('document.hidden');
      await visitor.runs(`push('/a'); pass(1500); push('/b'); pass(1500)`);
      await visitor.records('/');
      await visitor.tab.show();
      await visitor.until('!document.hidden');
      await visitor.runs('pass(1500)');
    },
    counts: ['/b'],
  },
};

/** Tries each rule on a page of its own. */
export function ruleScenarios(engine: () => Engine, name: EngineName): void {
  const here = Object.entries(rules).filter(([, { notIn }]) => notIn !== name);
  it.each(here)('%s', async (_, { does, counts, endsTab = false }) => {
    const script = await buildApp('rules.ts');
    await using site = await startSite({
      browser: { documents: true },
      routes: (app) => {
        app.get('/rules.js', (_req, res) => res.type('text/javascript').send(script));
        app.get('/', (_req, res) => res.type('html').send(page));
      },
    });
    await using visitor = await Visitor.signIn(engine(), site);
    await visitor.goto('/');
    await visitor.until('window.successeve');
    await visitor.runs('pass(1500)');
    if (typeof does === 'string') await visitor.runs(does);
    else await does(visitor);
    const pages = ['/', ...counts];
    await (endsTab ? visitor.records(...pages) : visitor.leavesHavingSeen(...pages));
  });
}

const page = `<!doctype html><title>rules</title>
  <script src="/rules.js" defer></script><script src="/seen.js" defer></script><input>`;
