import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** @type {{ packageManager: string }} */
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** As package.json pins it, such as `pnpm@12.21.0`. */
export const { packageManager } = manifest;

/** The examples there are; `site` holds the pages that they show. */
export function exampleNames() {
  return readdirSync(join(root, 'examples')).filter(startCommand);
}

/**
 * What starts an example, if it is one: its `npm start`.
 *
 * @param {string} name
 * @returns {string | undefined}
 */
export function startCommand(name) {
  const path = join(root, 'examples', name, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).scripts?.start : undefined;
}
