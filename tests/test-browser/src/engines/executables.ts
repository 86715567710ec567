import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { EngineName } from './engine.js';

interface Executable {
  /** The variable that names another one. */
  readonly variable: string;
  /** What it is called where programs are found. */
  readonly names: readonly string[];
  readonly elsewhere: readonly string[];
  readonly install: string;
}

const executables: Readonly<Record<EngineName, Executable>> = {
  chromium: {
    variable: 'CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    elsewhere: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    ],
    install: 'apt-get install chromium',
  },
  firefox: {
    variable: 'FIREFOX',
    names: ['firefox-esr', 'firefox'],
    elsewhere: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    install: 'apt-get install firefox-esr',
  },
  webkit: {
    variable: 'WEBKIT_WEB_DRIVER',
    names: ['WebKitWebDriver'],
    elsewhere: [],
    install: 'apt-get install webkit2gtk-driver xvfb',
  },
};

/** Where the engine's program is, or `undefined`. */
export function findExecutable(engine: EngineName): string | undefined {
  const { variable, names, elsewhere } = executables[engine];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env[variable], ...paths, ...elsewhere].find((path) => path && existsSync(path));
}

/** @throws Error that says what to install, where there is none. */
export function executableOf(engine: EngineName): string {
  const path = findExecutable(engine);
  if (path) return path;
  const { variable, install } = executables[engine];
  throw new Error(
    `This suite needs ${engine}, and found none. Install it (${install}), or name its program in the variable ${variable}.`,
  );
}
