import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
// `npm test` reads it too, to know what is missing.
import executables from '../../executables.json' with { type: 'json' };
import type { EngineName } from './engine.js';

/** Where the engine's program is, or `undefined`. */
export function findExecutable(engine: EngineName): string | undefined {
  const { variable, names, elsewhere } = executables[engine];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  // The last is what Playwright installs.
  const all = [
    process.env[variable],
    ...paths,
    ...elsewhere,
    engine === 'chromium' && chromium.executablePath(),
  ];
  return all.find((path) => path && existsSync(path)) || undefined;
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
