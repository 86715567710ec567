import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import usualPaths from '../chromium-paths.json' with { type: 'json' };

const candidates = [process.env.CHROMIUM, ...usualPaths];

/** A real Chromium's own, but for the word that gives away that nobody watches it: it counts as a bot. */
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

export interface BrowserOptions {
  /**
   * Whether it keeps pages to come back to.
   * @defaultValue false, as Playwright has it
   */
  readonly backForwardCache?: boolean;
}

/**
 * Opens a Chromium that nobody watches.
 *
 * @throws Error that says what to install, where there is none.
 */
export async function openBrowser({ backForwardCache = false }: BrowserOptions = {}): Promise<Browser> {
  const executablePath = candidates.find((path) => path && existsSync(path)) ?? playwrightsOwn();
  return chromium.launch({
    executablePath,
    args: [
      // For the whole browser: what a page sends while it is left would not have that of a context.
      `--user-agent=${userAgent}`,
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    // Playwright switches it off by default.
    ignoreDefaultArgs: backForwardCache ? ['--disable-back-forward-cache'] : [],
  });
}

function playwrightsOwn(): string {
  const path = chromium.executablePath();
  if (path && existsSync(path)) return path;
  throw new Error(
    'The browser suite needs a Chromium, and found none. Install one (apt-get install chromium, ' +
      'npx playwright-core install chromium), or name one in the variable CHROMIUM.',
  );
}
