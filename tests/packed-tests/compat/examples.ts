import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Customer } from '../src/customer.js';

export const examples: string = join(import.meta.dirname, '../../../examples');

/** Puts the pages that all examples show where they look for them. */
export async function copySite({ folder }: Customer): Promise<void> {
  for (const file of ['package.json', 'index.mjs', 'pages.mjs', 'users.mjs']) {
    await cp(join(examples, 'site', file), join(folder, 'node_modules/@successeve/example-site', file));
  }
}
