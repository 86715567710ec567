import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connectBrowser } from '@successeve/test-browser/shared';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest';
import { type Dev, type DevOptions, startDev } from '../dev.js';

export const pageFolder: string = fileURLToPath(new URL('../../dist/page', import.meta.url));

// A browser takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;

beforeAll(async () => {
  if (!existsSync(pageFolder)) throw new Error('The page is not built: run `npm run build` in packages/cli.');
  browser = await connectBrowser();
});

afterAll(() => browser?.close());

/** Starts `successeve dev` with its page. */
export function startDevWithPage(options: DevOptions = {}): Promise<Dev> {
  return startDev({ pageFolder, ...options });
}

export interface VisitOptions extends BrowserContextOptions {
  /** What stands behind the URL of the page. */
  readonly hash?: string;
  /** Whether the server goes away, of which a browser complains. */
  readonly losesServer?: true;
  /** What runs in the page before its own scripts. */
  readonly init?: () => void;
}

/**
 * Opens the page as somebody with a browser of their own. When the test is over, no error may have occurred in it, its
 * policy must not have kept anything from happening, and it must not have asked anybody else.
 */
export async function visit(
  url: string,
  { hash = '', losesServer, init, ...options }: VisitOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  context.setDefaultTimeout(15_000);
  if (init) await context.addInitScript(init);
  await context.addInitScript(recordCopies);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error' || (losesServer && message.text().includes('net::ERR_'))) return;
    problems.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) problems.push(request.url());
  });
  onTestFinished(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });
  await page.goto(`${url}/${hash}`);
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
}

/** The rows that are shown, or those of them that contain a text. */
export function rows(page: Page, text?: string | RegExp): Locator {
  const all = page.getByRole('row');
  return text === undefined ? all : all.filter({ hasText: text });
}

/** What the rows are about, in their order, once there are as many. */
export async function titles(page: Page, count: number): Promise<string[]> {
  await page.waitForFunction((expected) => document.querySelectorAll('.row').length === expected, count);
  return page.locator('.row .title').allTextContents();
}

/** What the page shows of an entry. */
export function details(page: Page): Locator {
  return page.getByLabel('Details', { exact: true });
}

/** A button of the side bar, by which the list is narrowed. */
export function choice(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Filter' }).getByTitle(name, { exact: true });
}

/** Presses a button that copies, and returns the text. */
export async function copied(page: Page, button: string): Promise<string> {
  await page.evaluate(() => delete (window as Copied).copied);
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('button', { name: 'Copied' }).first().waitFor();
  const text = await page.waitForFunction(() => (window as Copied).copied);
  return String(await text.jsonValue());
}

interface Copied {
  copied?: string;
}

/** Runs in the page. All pages of a browser share its clipboard, so another test may have replaced the text. */
function recordCopies(): void {
  const { clipboard } = navigator;
  // A page that is not on loopback has none.
  const write = clipboard?.writeText.bind(clipboard);
  if (!write) return;
  clipboard.writeText = async (text) => {
    await write(text);
    (window as Copied).copied = text;
  };
}

/** How many of something there are, by the side bar. */
export async function countOf(page: Page, name: string): Promise<string | null> {
  return choice(page, name).locator('b').textContent();
}
