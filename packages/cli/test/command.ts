import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { until } from './dev.js';

const bin = fileURLToPath(new URL('../dist/bin.mjs', import.meta.url));

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly out: string;
  readonly err: string;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Starts the built `successeve`, as its users do. */
export function startCommand(args: readonly string[], { cwd, env, input = '' }: StartOptions = {}): Running {
  const { SUCCESSEVE_API_TOKEN, SUCCESSEVE_API_URL, FORCE_COLOR, NO_COLOR, ...ours } = process.env;
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...ours, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const running = { child, out: '', err: '', ended: once(child, 'close').then(([code]) => code) };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    running.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    running.err += chunk;
  });
  // A command that ends at once does not read what it is given.
  child.stdin.on('error', () => {}).end(input);
  return running;
}

/** Runs `successeve` to its end. */
export async function runCommand(
  args: readonly string[],
  options?: StartOptions,
): Promise<{ code: number | null; out: string; err: string }> {
  const running = startCommand(args, options);
  const code = await running.ended;
  return { code, out: running.out, err: running.err };
}

/** Starts `successeve dev` on a free port, and waits until it says that it is ready. */
export async function startDevCommand(
  args: readonly string[] = [],
  options?: StartOptions,
): Promise<Running & { readonly url: string }> {
  const running = startCommand(['dev', '--port', '0', ...args], options);
  const url = await until(() => {
    const found = /^ {2}Page +(\S+)$.*^Ready in/ms.exec(stripVTControlCharacters(running.out))?.[1];
    expect(running.err).toBe('');
    expect(found).toBeDefined();
    return found ?? '';
  });
  return Object.assign(running, { url });
}
