import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { inject, onTestFinished } from 'vitest';

/** What runs a program: a command, and what has to stand before the name of the program's file. */
export type Runtime = readonly [command: string, ...args: string[]];

/** The Node of whoever runs the tests, which need not be the one that runs these. */
export const node: Runtime = [process.env.MACHINE_NODE ?? process.execPath];

/** A project that a customer begins with. */
export interface Project {
  /** What it depends on of ours; whatever these depend on of ours is not there for the project itself. */
  readonly ours: readonly string[];
  /** What else it depends on, with versions. */
  readonly theirs?: Readonly<Record<string, string>>;
}

export interface Running {
  readonly child: ChildProcess;
  /** Where it answers. */
  readonly url: string;
}

/** A folder that npm has filled, as it does for customers: with what would be uploaded. */
export class Customer {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Begins a project and installs it. The caller removes it. */
  static async begin({ ours, theirs = {} }: Project, ...flags: string[]): Promise<Customer> {
    const customer = new Customer(await realpath(await mkdtemp(join(tmpdir(), 'successeve-customer-'))));
    const tarballs = Object.fromEntries(
      Object.entries(inject('tarballs')).map(([name, path]) => [name, `file:${path}`]),
    );
    const dependencies = Object.fromEntries(ours.map((name) => [name, tarballs[name]]));
    // No registry has what our packages depend on of ours before they are published.
    const overrides = Object.fromEntries(Object.entries(tarballs).filter(([name]) => !ours.includes(name)));
    await customer.write({
      'package.json': JSON.stringify({
        private: true,
        dependencies: { ...dependencies, ...theirs },
        overrides,
      }),
    });
    await customer.run(['npm'], 'install', '--no-audit', '--no-fund', '--loglevel=error', ...flags);
    return customer;
  }

  /** Says in which form its files that end in `.js` are. */
  async become(type: 'module' | 'commonjs'): Promise<void> {
    const manifest = JSON.parse(await this.read('package.json'));
    await this.write({ 'package.json': JSON.stringify({ ...manifest, type }) });
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  }

  read(file: string): Promise<string> {
    return readFile(join(this.folder, file), 'utf8');
  }

  /** Runs a program to its end; what it printed is in the error, if it fails. @returns what it printed. */
  async run([command, ...before]: Runtime, ...args: string[]): Promise<string> {
    const options = { cwd: this.folder, env: { ...process.env, NO_COLOR: '1' } };
    try {
      return (await promisify(execFile)(command, [...before, ...args], options)).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${[command, ...before, ...args].join(' ')} failed:\n${stdout}${stderr}`, {
        cause: error,
      });
    }
  }

  /** Starts a program that prints where it answers, and waits until it does. It ends with the test. */
  async start(
    [command, ...before]: Runtime,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    ready: RegExp = /^Ready at (\S+)$/,
  ): Promise<Running> {
    const child = spawn(command, [...before, ...args], {
      cwd: this.folder,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    for await (const line of createInterface({ input: child.stdout })) {
      const url = ready.exec(line)?.[1];
      if (!url) continue;
      child.stdout.resume();
      return { child, url };
    }
    throw new Error(`${[command, ...before, ...args].join(' ')} ended before it was ready`);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
