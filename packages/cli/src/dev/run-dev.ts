import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CommandError, type ExitCode } from '@successeve/command-line';
import type { RateLimitOptions } from '@successeve/testing/handler';
import { DevApi } from './api/dev-api.js';
import { EventsFile } from './keep/events-file.js';
import { type Fault, type Hello, paths } from './protocol.js';
import { isLoopback } from './serve/security.js';
import { type DevServer, startDevServer, urlOf } from './serve/server.js';
import { Terminal } from './terminal.js';

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

/** How long another program on the port may take to identify itself. */
const identifyMs = 1000;

/** Runs the API and its page until a signal stops it. */
export async function runDev(options: DevCommandOptions): Promise<ExitCode> {
  const stopped = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  const devApi = new DevApi({
    token: options.token,
    rateLimit: options.rateLimit === 'off' ? undefined : options.rateLimit,
    faults: { answers: options.fault ?? [], latencyMs: options.latency },
  });
  const file = options.file === undefined ? undefined : new EventsFile(options.file, devApi.store);
  const server = await start(devApi, options);
  const terminal = new Terminal(process.stdout, devApi.store);
  terminal.introduce(devApi.hello(), options.token !== undefined, !isLoopback(options.host));
  if (!options.quiet) devApi.follow(() => terminal.show());
  if (file) keepIn(file, devApi, terminal);
  await stopped;
  await server.close();
  devApi.close();
  file?.close();
  return 0;
}

/** Saves changes to the file until it cannot be written. */
function keepIn(file: EventsFile, devApi: DevApi, terminal: Terminal): void {
  const unfollow = devApi.follow(() => {
    try {
      file.save();
    } catch (error) {
      unfollow();
      terminal.warn(`The file cannot be written, and keeps nothing more: ${(error as Error).message}.`);
    }
  });
}

async function start(devApi: DevApi, { host, port }: DevCommandOptions): Promise<DevServer> {
  try {
    return await startDevServer(devApi, { host, port, pageFolder: pageFolder() });
  } catch (error) {
    throw new CommandError(await explain(error as NodeJS.ErrnoException, host, port), { cause: error });
  }
}

/** The built page is next to the built program. */
function pageFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('@successeve/cli/package.json');
  return join(dirname(manifest), 'dist', 'page');
}

async function explain(error: NodeJS.ErrnoException, host: string, port: number): Promise<string> {
  const { code, message } = error;
  if (code === 'EADDRINUSE') {
    const other = await identifyServer(host, port);
    return other
      ? `Another successeve dev is running there already: open ${other.apiUrl}, or choose another port, such as --port ${port + 1}.`
      : `Port ${port} is taken by another program: choose another one, such as --port ${port + 1}.`;
  }
  if (code === 'EACCES') return `Port ${port} needs administrator rights: choose one from 1024.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `--host ${host} is not an address of this machine: 127.0.0.1 is for this machine alone, 0.0.0.0 for all that can reach it.`;
  }
  return `The server cannot listen on ${host}, port ${port}: ${message}.`;
}

async function identifyServer(host: string, port: number): Promise<Hello | undefined> {
  try {
    const signal = AbortSignal.timeout(identifyMs);
    const answer = await fetch(urlOf(host, port) + paths.hello, { signal });
    const hello = (await answer.json()) as Partial<Hello>;
    return hello.type === 'hello' && typeof hello.apiUrl === 'string' ? (hello as Hello) : undefined;
  } catch {
    return undefined;
  }
}
