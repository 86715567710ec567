import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { executableOf } from './engines/executables.js';

/** A real Chromium's own, without the word "Headless": that one counts as a bot. */
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
 * Opens a headless Chromium.
 *
 * @throws Error that says what to install, where there is none.
 */
export async function openBrowser(options: BrowserOptions = {}): Promise<Browser> {
  return chromium.launch(launchOptions(options));
}

/** How Playwright starts it. */
export function launchOptions({ backForwardCache = false }: BrowserOptions = {}): LaunchOptions {
  return {
    executablePath: executableOf('chromium'),
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
  };
}
