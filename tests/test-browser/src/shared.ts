import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserServer, chromium } from 'playwright-core';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { launchOptions } from './index.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where to ask for the address of the Chromium that all test files of a project share. */
    sharedChromium: string;
  }
}

/**
 * The `globalSetup` of a project whose test files share one Chromium. It starts when the first of them asks for it, and
 * ends with the run.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let launching: Promise<BrowserServer> | undefined;
  const desk = createServer(async (_req, res) => {
    try {
      launching ??= chromium.launchServer(launchOptions());
      res.end((await launching).wsEndpoint());
    } catch (error) {
      res.writeHead(500).end((error as Error).message);
    }
  }).listen(0, '127.0.0.1');
  await once(desk, 'listening');
  project.provide('sharedChromium', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`);
  return async () => {
    desk.close();
    await (await launching?.catch(() => undefined))?.close();
  };
}

/**
 * Connects to the Chromium that the files of this project share, each with contexts of its own. Closing it disconnects.
 *
 * @throws Error that says what to install, where there is none.
 */
export async function connectBrowser(): Promise<Browser> {
  const response = await fetch(inject('sharedChromium'));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return chromium.connect(text);
}
