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
  const folders = readdirSync(join(root, 'examples'));
  return folders.filter((name) => existsSync(join(root, 'examples', name, 'server.mjs')));
}
