import { randomUUID } from 'node:crypto';
import type { FakeApi, ReceivedEvent } from '@successeve/testing';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';

/** What the API received of a contact, as `contact path`, sorted: reports of the same instant may overtake each other. */
export type Received = readonly string[];

/** A visitor with a browser of its own, signed in as a contact of its own. */
export class Visitor {
  readonly contact: string = `c-${randomUUID().slice(0, 8)}`;
  readonly page: Page;
  readonly site: string;
  readonly #api: FakeApi;

  private constructor(page: Page, site: string, api: FakeApi) {
    this.page = page;
    this.site = site;
    this.#api = api;
  }

  static async open(browser: Browser, site: string, api: FakeApi): Promise<Visitor> {
    const context = await browser.newContext({ baseURL: site });
    context.setDefaultTimeout(15_000);
    const visitor = new Visitor(await context.newPage(), site, api);
    await visitor.signIn(visitor.contact);
    return visitor;
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  async signIn(contact: string): Promise<void> {
    await this.context.addCookies([{ name: 'user', value: contact, url: this.site, httpOnly: true }]);
  }

  async signOut(): Promise<void> {
    await this.context.clearCookies();
  }

  /** Opens a page as the address bar does, and waits until it reacts to clicks. */
  async open(path: string, title: string): Promise<void> {
    await this.page.goto(path);
    await this.ready(title);
  }

  /** Waits until the page with that title reacts to clicks. */
  async ready(title: string): Promise<void> {
    await this.sees(title);
    await this.page.getByText('hydrated').waitFor();
  }

  async click(link: string, title?: string): Promise<void> {
    await this.page.getByRole('link', { name: link, exact: true }).click();
    if (title) await this.sees(title);
  }

  /** Calls the router of the application. */
  async route(call: 'push' | 'replace', path: string, title: string): Promise<void> {
    await this.page.evaluate(([name, url]) => window.router[name](url), [call, path] as const);
    await this.sees(title);
  }

  async back(title: string): Promise<void> {
    // Not `goBack`, which does not get along with the back-forward cache. In a turn of its own, since the page may be
    // gone before it could answer.
    await this.page.evaluate(() => void setTimeout(() => history.back()));
    await this.sees(title);
  }

  async forward(title: string): Promise<void> {
    await this.page.evaluate(() => void setTimeout(() => history.forward()));
    await this.sees(title);
  }

  /** Waits until a page is there, and looks at it for as long as it takes to be a visit once the visitor acts. */
  async sees(title: string): Promise<void> {
    await this.page.getByRole('heading', { name: title, exact: true }).waitFor();
    await this.stays();
  }

  /** Longer than a redirect takes, and shorter than it takes a page to count by itself. */
  async stays(): Promise<void> {
    await this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
  }

  /** Presses a key, by which the page that is shown becomes a visit. */
  async acts(): Promise<void> {
    await this.page.keyboard.press('Shift');
  }

  /** Acts on the page that is shown, and waits until the server has taken the report of it. */
  async reports(path: string): Promise<void> {
    const isReport = (request: Request): boolean =>
      request.method() === 'POST' && request.postData()?.includes(`"page":"${path}"`) === true;
    await Promise.all([this.page.waitForResponse((response) => isReport(response.request())), this.acts()]);
  }

  /** From the next document on, no page becomes a visit by time alone: on a slow machine a redirect takes long. */
  async isPatient(): Promise<void> {
    await this.page.addInitScript(() => {
      const { setTimeout } = window;
      const without = (handler: TimerHandler, delayMs?: number, ...args: unknown[]): number =>
        delayMs === 1_500 ? 0 : setTimeout(handler, delayMs, ...args);
      Object.assign(window, { setTimeout: without });
    });
  }

  /**
   * Everything that was recorded of this visitor. Ends with visits that are sure to be counted: a hard load, on which
   * the page before reports what it still has to, and a navigation inside the browser, which is reported after that.
   */
  async received(): Promise<Received> {
    const marker = `/static/a?marker=${randomUUID()}`;
    await this.open(`${marker}-hard`, 'static a');
    await this.page.evaluate((url) => history.pushState(null, '', url), `${marker}-soft`);
    await this.stays();
    await this.acts();
    await this.arrived(`${marker}-hard`);
    await this.arrived(`${marker}-soft`);
    return this.list()
      .filter((visit) => !visit.includes('marker='))
      .toSorted();
  }

  /** Waits until a pageview with that path has arrived. */
  async arrived(path: string): Promise<void> {
    while (!this.#pageviews().some(({ params }) => params?.visit_url === this.site + path)) {
      await this.#api.waitForEvents(this.#api.events.length + 1, { timeoutMs: 15_000 });
    }
  }

  /** What arrived up to now, in the order in which it came to the server. */
  list(): Received {
    return this.#pageviews().map(({ contact_uid, params }) => {
      const path = String(params?.visit_url).replace(this.site, '');
      return contact_uid === this.contact ? path : `${contact_uid.slice(this.contact.length + 1)} ${path}`;
    });
  }

  /** Of this contact, and of those whose name begins with it. Requests overlap, so that order of arrival is chance. */
  #pageviews(): ReceivedEvent[] {
    return this.#api.pageviews
      .filter(({ contact_uid }) => contact_uid.startsWith(this.contact))
      .toSorted((one, other) => String(one.created_at).localeCompare(String(other.created_at)));
  }
}

declare global {
  interface Window {
    router: Record<'push' | 'replace', (url: string) => void> & { refresh(): void };
    startReporting(options: { headers?(): Record<string, string>; isPage?(page: string): boolean }): void;
  }
}
