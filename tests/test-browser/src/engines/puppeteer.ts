import { type Browser, type BrowserContext, type KeyInput, launch, type Page } from 'puppeteer-core';
import type { Engine, Tab } from './engine.js';
import { executableOf } from './executables.js';
import { inNextTurn } from './in-next-turn.js';

// A real Chromium's own, without the word "Headless": that one counts as a bot.
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

export async function openChromium(): Promise<Engine> {
  const browser = await launch({
    executablePath: executableOf('chromium'),
    args: [
      // For the whole browser: what a page sends while it is left would not have that of a tab.
      `--user-agent=${userAgent}`,
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return engineOf('chromium', browser);
}

/** A stock Firefox, over WebDriver BiDi. */
export async function openFirefox(): Promise<Engine> {
  const browser = await launch({ browser: 'firefox', executablePath: executableOf('firefox') });
  return engineOf('firefox', browser);
}

function engineOf(name: Engine['name'], browser: Browser): Engine {
  return {
    name,
    openTab: async () => {
      const visitor = await browser.createBrowserContext();
      return new PuppeteerTab(visitor, await visitor.newPage());
    },
    close: () => browser.close(),
  };
}

class PuppeteerTab implements Tab {
  readonly errors: string[] = [];
  readonly #visitor: BrowserContext;
  readonly #page: Page;

  constructor(visitor: BrowserContext, page: Page) {
    this.#visitor = visitor;
    this.#page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      // Chromium notes there each request that failed, in the application's name.
      const isOfBrowser = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isOfBrowser) this.errors.push(message.text());
    });
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  async reload(): Promise<void> {
    await this.#page.reload();
  }

  async click(selector: string): Promise<void> {
    // It tries again where the page replaces the element at that moment.
    await this.#page.locator(selector).click();
  }

  async hover(selector: string): Promise<void> {
    await this.#page.locator(selector).hover();
  }

  press(key: string): Promise<void> {
    return this.#page.keyboard.press(key as KeyInput);
  }

  evaluate<Value>(expression: string): Promise<Value> {
    return this.#page.evaluate(expression) as Promise<Value>;
  }

  async start(expression: string): Promise<void> {
    await this.#page.evaluate(inNextTurn(expression));
  }

  async hide(): Promise<void> {
    const other = await this.#visitor.newPage();
    await other.bringToFront();
  }

  show(): Promise<void> {
    return this.#page.bringToFront();
  }

  async closeAlone(): Promise<void> {
    await this.#visitor.newPage({ background: true });
    await this.#page.close();
  }

  /** Closes what the visitor has open. */
  async close(): Promise<void> {
    await this.#visitor.close();
  }
}
