import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const modules = join(here, 'node_modules');

/** The customer's Node, which need not be the one that runs these tests. */
const node = process.env.MACHINE_NODE ?? process.execPath;

/** A folder in which this package is installed as customers install it. */
export interface Customer {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  read(file: string): Promise<string>;
  /** Runs a script of an installed package, with any exit code. @returns what it printed. */
  run(script: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Makes such a folder, with more packages than this one: by what they are called there, what they are called in
 * `package.json` of this folder.
 */
export async function createCustomer(packages: Readonly<Record<string, string>>): Promise<Customer> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'successeve-testing-')));
  const installed = join(folder, 'node_modules/@successeve/testing');
  // Copied: what it imports is looked for where it is, which has to be there.
  await cp(join(here, '../dist'), join(installed, 'dist'), { recursive: true });
  await cp(join(here, '../package.json'), join(installed, 'package.json'));
  for (const [name, source] of Object.entries({ '@successeve/core': '@successeve/core', ...packages })) {
    const path = join(folder, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(await realpath(join(modules, source)), path);
  }
  return {
    folder,
    read: (file) => readFile(join(folder, file), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
    async write(files) {
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    },
    run(script, args, env = {}) {
      const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1', ...env } };
      return new Promise((resolve) => {
        const command = [join(folder, 'node_modules', script), ...args];
        execFile(node, command, options, (_, stdout, stderr) => resolve(stdout + stderr));
      });
    },
  };
}
