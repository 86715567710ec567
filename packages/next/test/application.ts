import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { FakeApi } from '@successeve/testing';

/** The application under test: App Router and Pages Router, with a proxy. */
export const appFolder: string = fileURLToPath(new URL('app/', import.meta.url));

/** Another one: the Pages Router alone, with a `basePath` and a middleware on the edge. */
export const smallFolder: string = fileURLToPath(new URL('small/', import.meta.url));

const nextBin = createRequire(`${appFolder}package.json`).resolve('next/dist/bin/next');

/** The Node that runs the tests' applications, which need not be the one that runs vitest. */
const node = process.env.MACHINE_NODE ?? process.execPath;

/** Variables that the application's configuration reads, in addition to our own. */
type Settings = Readonly<Record<string, string>>;

export interface Building {
  readonly settings?: Settings;
  /** Added to `next build`. */
  readonly args?: readonly string[];
  readonly cwd?: string;
}

/** Builds an application. @returns what Next printed. @throws Error with that, if it fails. */
export async function build({ settings = {}, args = [], cwd }: Building = {}): Promise<string> {
  const building = start([nextBin, 'build', ...args], settings, cwd);
  const [code] = await once(building.child, 'close');
  if (code !== 0) throw new Error(`next build failed:\n${building.output()}`);
  return building.output();
}

/** A server that answers at `url`. */
export interface RunningApplication {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything it printed. */
  output(): string;
  /** Ends it by a signal. @returns its exit code, or the signal that ended it. */
  stop(): Promise<number | NodeJS.Signals>;
}

export interface Running {
  readonly api: FakeApi;
  /** What to run on Node, and with which arguments. */
  readonly args?: readonly string[];
  readonly settings?: Settings;
  readonly cwd?: string;
  /**
   * What to ask for until Next has got ready, which it is not yet when it says so; `false` does not wait.
   * @defaultValue '/logo.svg'
   */
  readonly readyPath?: string | false;
}

/** Runs the built application, `next start` if nothing else is said, on a port that is free. */
export async function run({
  api,
  args = [nextBin, 'start'],
  settings = {},
  cwd,
  readyPath = '/logo.svg',
}: Running): Promise<RunningApplication> {
  const tracking = { SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url, PORT: '0' };
  const { child, output } = start([...args], { ...tracking, ...settings }, cwd);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('close', () => reject(new Error(`the application ended before it was ready:\n${output()}`)));
    child.stdout?.on('data', () => {
      const local = /Local:\s+(http:\/\/localhost:\d+)/.exec(output())?.[1];
      if (local && /Ready in/.test(output())) resolve(local);
    });
  });
  if (readyPath) await fetch(url + readyPath);
  const stop = async (): Promise<number | NodeJS.Signals> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'close');
    }
    return child.exitCode ?? child.signalCode ?? 0;
  };
  return { url, child, output, stop };
}

/** `next dev`, which compiles what is asked for. */
export const devArgs: readonly string[] = [nextBin, 'dev'];

function start(
  args: string[],
  settings: Settings,
  cwd: string = appFolder,
): { child: ChildProcess; output: () => string } {
  // Not the NODE_ENV of vitest.
  const { NODE_ENV: _, ...env } = process.env;
  const child = spawn(node, args, {
    cwd,
    env: { ...env, NEXT_TELEMETRY_DISABLED: '1', ...settings } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += stripVTControlCharacters(text);
    });
  }
  return { child, output: () => output };
}
