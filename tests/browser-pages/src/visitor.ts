import { randomUUID } from 'node:crypto';
import type { Engine, Tab } from '@successeve/test-browser/engines';
import { expect, vi } from 'vitest';
import type { Site } from './site.js';

/** Longer than a redirect takes, and shorter than it takes a page to count by itself. */
const stayMs = 150;

/** A signed-in visitor of a site, with a tab. */
export class Visitor implements AsyncDisposable {
  readonly name: string = `u${randomUUID().slice(0, 8)}`;
  readonly tab: Tab;
  readonly #site: Site;

  private constructor(tab: Tab, site: Site) {
    this.tab = tab;
    this.#site = site;
  }

  static async signIn(engine: Engine, site: Site): Promise<Visitor> {
    const visitor = new Visitor(await engine.openTab(), site);
    await visitor.goto(`/as/${visitor.name}`);
    return visitor;
  }

  /** Loads a page of the site, or one with a whole URL. */
  goto(url: string): Promise<void> {
    return this.tab.goto(new URL(url, this.#site.url).href);
  }

  /** Waits until the page with that heading is shown, and stays there for a moment. */
  async sees(heading: string): Promise<void> {
    await this.until(`document.querySelector('h1')?.textContent === ${JSON.stringify(heading)}`);
    // While Astro moves from page to page, a click reaches none of them.
    await this.until(`!('astroTransition' in document.documentElement.dataset)`);
    // Turbo shows a page from its cache first. A click is lost when the page of the server replaces its target.
    await this.until(`!('turboPreview' in document.documentElement.dataset)`);
    await this.stays();
  }

  /** Clicks on the link to a path, and stays on the page that comes. */
  async follows(href: string, heading: string = href): Promise<void> {
    await this.tab.click(`a[href$="${href}"]`);
    await this.sees(heading);
  }

  async goesBack(heading: string): Promise<void> {
    await this.tab.start('history.back()');
    await this.sees(heading);
  }

  async goesForward(heading: string): Promise<void> {
    await this.tab.start('history.forward()');
    await this.sees(heading);
  }

  async stays(): Promise<void> {
    await this.passes(stayMs);
  }

  /** Lets time pass in the page. */
  async passes(ms: number): Promise<void> {
    await this.tab.evaluate(`new Promise((resolve) => setTimeout(resolve, ${ms}))`);
  }

  /** Lets the page run statements. */
  async runs(statements: string): Promise<void> {
    await this.tab.evaluate(`(async () => { ${statements} })()`);
  }

  /** Waits until these pages are recorded, in any order, each as often as it is named, and no other. */
  async records(...pages: readonly string[]): Promise<void> {
    const expected = pages.toSorted();
    await vi.waitFor(async () => expect(await this.#site.pages(this.name)).toEqual(expected), {
      timeout: 15_000,
    });
  }

  /** Waits until an expression is true in the page. */
  async until(expression: string): Promise<void> {
    const isTrue = () => this.tab.evaluate<boolean>(`Boolean(${expression})`).catch(() => false);
    await vi.waitUntil(isTrue, { timeout: 15_000, interval: 20 }).catch(async () => {
      const shown = await this.tab.evaluate('location.href + "\\n" + document.body.innerHTML');
      throw new Error(`expected ${expression}, got ${shown}\n${this.tab.errors.join('\n')}`);
    });
  }

  /** Leaves the site's pages, and checks which of them were recorded. */
  async leavesHavingSeen(...pages: readonly string[]): Promise<void> {
    // As a link does it: after a return from the back-forward cache, puppeteer waits in vain for Firefox to load a page.
    await this.tab.start(`location.href = '/bye'`);
    await this.until(`location.pathname === '/bye'`);
    await this.hasSeen(...pages);
  }

  /** Checks, on a page of the site that counts nothing, which pages were recorded. */
  async hasSeen(...pages: readonly string[]): Promise<void> {
    await this.records(...pages);
    // What was sent before has arrived by then, too.
    await this.tab.evaluate(`fetch('/seen', { method: 'POST', body: '{}' }).then(({ status }) => status)`);
    expect(await this.#site.pages(this.name)).toEqual(pages.toSorted());
    expect(this.tab.errors).toEqual([]);
  }

  /** Checks that the page threw nothing, and wrote nothing to its console. */
  async seesNoErrors(): Promise<void> {
    expect(await this.tab.evaluate('errors')).toEqual([]);
    expect(this.tab.errors).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tab.close();
  }
}
