import type { Engine, EngineName } from './engine.js';
import { openChromium, openFirefox } from './puppeteer.js';
import { openWebKit } from './webkit.js';

export type { Engine, EngineName, Tab } from './engine.js';
export { findExecutable } from './executables.js';

const openers: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  chromium: openChromium,
  firefox: openFirefox,
  webkit: openWebKit,
};

/**
 * Starts a browser with that engine.
 *
 * @throws Error that says what to install, where it is not installed.
 */
export const openEngine = (name: EngineName): Promise<Engine> => openers[name]();
