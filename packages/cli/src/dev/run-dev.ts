import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CommandError, type ExitCode } from '@successeve/command-line';
import type { RateLimitOptions } from '@successeve/testing/handler';
import { Desk } from './api/dev-api.js';
import { EventsFile } from './keep/events-file.js';
import type { Fault, Hello } from './protocol.js';
import { isLoopback } from './serve/security.js';
import { type DevServer, startDevServer, urlOf } from './serve/server.js';
import { Terminal } from './terminal.js';

/** What the command line says. */
export interface DevCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly rateLimit: RateLimitOptions | 'off';
  readonly fault?: readonly Fault[];
  readonly latency: number;
  readonly file?: string;
  readonly quiet?: true;
}

/** How long another program may take to say who it is. */
const introductionMs = 1000;

/** Runs the API and its page until a signal says to stop. */
export async function runDev(options: DevCommandOptions): Promise<ExitCode> {
  const stopped = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  const desk = new Desk({
    token: options.token,
    rateLimit: options.rateLimit === 'off' ? undefined : options.rateLimit,
    faults: { answers: options.fault ?? [], latencyMs: options.latency },
  });
  const file = options.file === undefined ? undefined : new EventsFile(options.file, desk.store);
  const server = await start(desk, options);
  const terminal = new Terminal(process.stdout, desk.store);
  terminal.introduce(desk.hello(), {
    hasOwnToken: options.token !== undefined,
    isOpen: !isLoopback(options.host),
  });
  if (!options.quiet) desk.follow(() => terminal.show());
  if (file) keepIn(file, desk, terminal);
  await stopped;
  await server.close();
  desk.close();
  file?.close();
  return 0;
}

/** Writes what arrives, for as long as the disk takes it. */
function keepIn(file: EventsFile, desk: Desk, terminal: Terminal): void {
  const unfollow = desk.follow(() => {
    try {
      file.save();
    } catch (error) {
      unfollow();
      terminal.warn(`From here on nothing is kept in the file: ${(error as Error).message}.`);
    }
  });
}

async function start(desk: Desk, { host, port }: DevCommandOptions): Promise<DevServer> {
  try {
    return await startDevServer(desk, { host, port, pageFolder: pageFolder() });
  } catch (error) {
    throw new CommandError(await explain(error as NodeJS.ErrnoException, host, port), { cause: error });
  }
}

/** The built page is beside the built program, wherever this module is. */
function pageFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('@successeve/cli/package.json');
  return join(dirname(manifest), 'dist', 'page');
}

async function explain(
  { code, message }: NodeJS.ErrnoException,
  host: string,
  port: number,
): Promise<string> {
  if (code === 'EADDRINUSE') {
    const other = await askWhoIsThere(host, port);
    return other
      ? `Another successeve dev is running there already: open ${other.apiUrl}, or choose another port, such as --port ${port + 1}.`
      : `Port ${port} is taken by another program: choose another one, such as --port ${port + 1}.`;
  }
  if (code === 'EACCES') return `Port ${port} needs administrator rights: choose one from 1024.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `--host ${host} is no address of this machine: 127.0.0.1 is for this machine alone, 0.0.0.0 for all that can reach it.`;
  }
  return `The server cannot listen on ${host}, port ${port}: ${message}.`;
}

async function askWhoIsThere(host: string, port: number): Promise<Hello | undefined> {
  try {
    const signal = AbortSignal.timeout(introductionMs);
    const answer = await fetch(`${urlOf(host, port)}/dev/hello`, { signal });
    const hello = (await answer.json()) as Partial<Hello>;
    return hello.type === 'hello' && typeof hello.apiUrl === 'string' ? (hello as Hello) : undefined;
  } catch {
    return undefined;
  }
}
