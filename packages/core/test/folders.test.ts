import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const src = join(import.meta.dirname, '../src');

/** What each folder builds on. Every folder may import `runtime` and the files next to the folders. */
const below: Readonly<Record<string, readonly string[]>> = {
  adapter: ['tracker', 'delivery', 'reporting', 'transport', 'catalogue', 'event', 'queue'],
  tracker: ['delivery', 'reporting', 'transport', 'catalogue', 'event', 'queue'],
  delivery: ['reporting', 'transport', 'event', 'queue'],
  reporting: ['transport', 'event', 'queue'],
  platform: ['transport'],
  transport: ['event', 'queue'],
  catalogue: ['event'],
  event: ['queue'],
  queue: [],
  runtime: [],
};

function folderOf(file: string): string {
  const [folder = '', ...rest] = relative(src, file).split('/');
  return rest.length > 0 ? folder : '';
}

it('imports between folders point down', async () => {
  const upward: string[] = [];
  for await (const file of glob(`${src}/*/**/*.ts`)) {
    if (file.endsWith('.test.ts')) continue;
    const folder = folderOf(file);
    const allowed = ['', 'runtime', folder, ...(below[folder] ?? [])];
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/\b(?:from|import) '(\.[^']+)'/g)) {
      const imported = folderOf(join(dirname(file), path));
      if (!allowed.includes(imported)) upward.push(`${relative(src, file)} imports ${path}`);
    }
  }
  expect(upward).toEqual([]);
});
