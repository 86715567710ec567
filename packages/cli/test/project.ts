import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const modules = join(import.meta.dirname, '../node_modules');

export interface ProjectParts {
  /** Packages that are installed here, by name. */
  readonly packages?: readonly string[];
  /** Files by their path; `package.json` names the packages, if nothing else is said. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Makes the folder of a project that is as a customer has it: real files, and real packages. */
export async function createProject({ packages = [], files = {} }: ProjectParts): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'successeve-doctor-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of packages) {
    const path = join(folder, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(await realpath(join(modules, name)), path);
  }
  const dependencies = Object.fromEntries(packages.map((name) => [name, '*']));
  const manifest = JSON.stringify({ type: 'module', dependencies });
  await write(folder, { 'package.json': manifest, ...files });
  return folder;
}

/** Adds files to a folder, or changes them. */
export async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

/** Installs a package of ours as a copy: one of another version, or one that finds nothing but what is beside it. */
export async function installCopy(name: string, path: string, changes: object): Promise<void> {
  const source = await realpath(join(modules, name));
  await cp(join(source, 'dist'), join(path, 'dist'), { recursive: true });
  const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  await write(path, { 'package.json': JSON.stringify({ ...manifest, ...changes }) });
}
