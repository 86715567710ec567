import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { node } from './node.ts';
import { readLines } from './read-lines.ts';

/** `successeve-relay` in a process of its own, from the built package. */
export interface RelayProcess {
  readonly child: ChildProcess;
  /** What it logged so far. */
  readonly entries: readonly Record<string, unknown>[];
  /** Lines that are not log entries. */
  readonly noise: readonly string[];
  readonly end: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves when it has started, with the URL of its `/healthz`. */
  readonly started: Promise<string>;
}

const bin = fileURLToPath(new URL('../dist/bin.mjs', import.meta.url));

export function startRelayProcess(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): RelayProcess {
  const child = spawn(node, [bin, '--port', '0', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const entries: Record<string, unknown>[] = [];
  const noise: string[] = [];
  let hasStarted = (_url: string): void => {};
  const started = new Promise<string>((resolve) => {
    hasStarted = resolve;
  });
  const read = (line: string): void => {
    try {
      const entry = JSON.parse(line);
      entries.push(entry);
      if (entry.health) hasStarted(entry.health);
    } catch {
      noise.push(line);
    }
  };
  readLines(child, read);
  const end = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return { child, entries, noise, end, started };
}
