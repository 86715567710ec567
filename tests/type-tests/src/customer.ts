import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

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

/** An application: its files, and the packages that it depends on. */
export interface Application {
  /** The folder of the package whose own dependencies these are, for those that are not ours. */
  readonly from: string;
  readonly packages: readonly string[];
  /** Packages that are installed under another name than theirs here: a second major. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Their texts by name; `app.ts` is what is compiled. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Compiles applications as strictly as can be, each in a folder with the packages that it depends on and nothing that
 * those depend on: pnpm lays `node_modules` out like that. One run of the compiler for all of them.
 *
 * @returns what the compiler printed.
 */
export async function compile(
  applications: Readonly<Record<string, Application>>,
  compiler: Compiler,
  resolution: Resolution,
  flags: readonly string[] = [],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'successeve-types-'));
  try {
    for (const [name, application] of Object.entries(applications)) {
      await writeApplication(join(folder, name), application, resolution);
    }
    const [command, ...args] = compilers[compiler];
    const all = [...args, '--build', ...Object.keys(applications), '--pretty', 'false', ...flags];
    const { stdout } = await promisify(execFile)(command, all, { cwd: folder }).catch((error) => error);
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeApplication(
  folder: string,
  { from, packages: names, aliases = {}, files }: Application,
  resolution: Resolution,
): Promise<void> {
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
  await mkdir(folder);
  const installed = [...names.map((name) => [name, name] as const), ...Object.entries(aliases)];
  for (const [name, here] of installed) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(await locate(from, here), link);
  }
  const written = {
    ...files,
    'package.json': JSON.stringify({ private: true, type }),
    'tsconfig.json': JSON.stringify({ compilerOptions, files: ['app.ts'] }),
  };
  for (const [name, text] of Object.entries(written)) await writeFile(join(folder, name), text);
}

async function locate(from: string, name: string): Promise<string> {
  if (name.startsWith('@successeve/')) return join(packages, name.slice('@successeve/'.length));
  for (const where of [join(packages, from), here, root]) {
    const found = await realpath(join(where, 'node_modules', name)).catch(() => undefined);
    if (found) return found;
  }
  throw new Error(`expected ${name} to be installed`);
}

/** The errors in an application, of what a compiler printed; the lines that explain an error belong to it. */
export function diagnosticsIn(printed: string, application: string): Diagnostic[] {
  return [
    ...printed.matchAll(/^(?:([\w.-]+)\/)?[\w.-]+\((\d+),\d+\): error (TS\d+: .*(?:\n {2}.*)*)/gm),
  ].flatMap(([, folder, line, message = '']) =>
    folder === application ? { line: Number(line), message } : [],
  );
}
