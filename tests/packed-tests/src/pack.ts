import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

const root = join(import.meta.dirname, '../../..');

/** By the name of each package that is published, the file that would be uploaded. */
export type Tarballs = Readonly<Record<string, string>>;

declare module 'vitest' {
  interface ProvidedContext {
    tarballs: Tarballs;
  }
}

/** Packs every package that is published, once for all tests, from what is built. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'successeve-packed-'));
  project.provide('tarballs', await pack(folder));
  return () => rm(folder, { recursive: true, force: true });
}

async function pack(folder: string): Promise<Tarballs> {
  const { packageManager } = await readManifest(root);
  const names = await publishedNames();
  const filters = names.flatMap((name) => ['--filter', name]);
  const args = ['--yes', packageManager, '--recursive', ...filters, 'pack', '--pack-destination', folder];
  await promisify(execFile)('npx', args, { cwd: root });
  const files = await readdir(folder);
  return Object.fromEntries(
    names.map((name) => {
      const start = `${name.slice(1).replace('/', '-')}-`;
      const file = files.find((file) => file.startsWith(start));
      if (!file) throw new Error(`expected a tarball of ${name}, got ${files.join(', ')}`);
      return [name, join(folder, file)];
    }),
  );
}

async function publishedNames(): Promise<string[]> {
  const packages = join(root, 'packages');
  const manifests = await Promise.all(
    (await readdir(packages)).map((name) => readManifest(join(packages, name))),
  );
  return manifests.filter((manifest) => !manifest.private).map(({ name }) => name);
}

async function readManifest(folder: string) {
  const manifest: { name: string; private?: boolean; packageManager: string } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  return manifest;
}
