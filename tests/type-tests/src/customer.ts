import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const here = join(import.meta.dirname, '..');
const root = join(here, '../..');
const packages = join(root, 'packages');

export type Compiler = 'TypeScript 5' | 'TypeScript 7';

/** The compilers that customers have: written in JavaScript, and native. */
export const compilers: Readonly<Record<Compiler, readonly [command: string, ...args: string[]]>> = {
  'TypeScript 5': [process.execPath, join(here, 'node_modules/typescript5/bin/tsc')],
  'TypeScript 7': [join(root, 'node_modules/.bin/tsc')],
};

/** How a customer's compiler finds what it imports. */
export const resolutions = {
  'as ESM': { type: 'module', module: 'NodeNext' },
  'as CommonJS': { type: 'commonjs', module: 'NodeNext' },
  'for a bundler': { type: 'module', module: 'ESNext', moduleResolution: 'bundler' },
} as const;

export type Resolution = keyof typeof resolutions;

/** One error of a compiler. */
export interface Diagnostic {
  readonly line: number;
  readonly message: string;
}

/**
 * A folder with the packages that a customer depends on, and nothing that those depend on: pnpm lays `node_modules` out
 * like that.
 *
 * @param from - the folder of the package whose own dependencies these are, for those that are not ours
 */
export async function openCustomer(from: string, packages: readonly string[]): Promise<Customer> {
  const folder = await mkdtemp(join(tmpdir(), 'successeve-types-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of packages) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(await locate(from, name), link);
  }
  return new Customer(folder);
}

async function locate(from: string, name: string): Promise<string> {
  if (name.startsWith('@successeve/')) return join(packages, name.slice('@successeve/'.length));
  for (const where of [join(packages, from), here, root]) {
    const found = await realpath(join(where, 'node_modules', name)).catch(() => undefined);
    if (found) return found;
  }
  throw new Error(`expected ${name} to be installed`);
}

export class Customer {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.#folder, name), text);
  }

  /** Compiles one file as strictly as can be, and answers what the compiler printed. */
  async compile(
    file: string,
    compiler: Compiler,
    resolution: Resolution,
    flags: readonly string[] = [],
  ): Promise<string> {
    const { type, ...moduleOptions } = resolutions[resolution];
    const compilerOptions = {
      ...moduleOptions,
      target: 'ES2022',
      lib: ['ES2023', 'DOM'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      experimentalDecorators: true,
      skipLibCheck: true,
      noEmit: true,
    };
    await this.write('package.json', JSON.stringify({ private: true, type }));
    await this.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [file] }));
    const [command, ...args] = [...compilers[compiler], '-p', this.#folder, '--pretty', 'false', ...flags];
    const { stdout } = await promisify(execFile)(command, args, { cwd: this.#folder }).catch(
      (error) => error,
    );
    return stdout;
  }
}

/** The errors in what a compiler printed; the lines that explain an error belong to it. */
export function diagnosticsIn(printed: string): Diagnostic[] {
  return [...printed.matchAll(/^[\w.-]+\((\d+),\d+\): error (TS\d+: .*(?:\n {2}.*)*)/gm)].map(
    ([, line, message = '']) => ({ line: Number(line), message }),
  );
}
