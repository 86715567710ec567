import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'rolldown';
import { onTestFinished } from 'vitest';

export interface Worker {
  readonly url: string;
  /** What it wrote to its console. */
  readonly lines: string[];
}

/** The package has no types of its own. */
const workerd: string = createRequire(import.meta.url)('workerd').default;

/** Bundles a module as Cloudflare's tools do, with the conditions of Workers. */
export async function bundle(entry: string, defines: Record<string, string> = {}): Promise<string> {
  const { output } = await build({
    input: join(import.meta.dirname, entry),
    write: false,
    platform: 'neutral',
    external: [/^node:/],
    transform: { define: defines },
    resolve: { conditionNames: ['workerd', 'worker', 'browser', 'import'], mainFields: ['module', 'main'] },
    output: { format: 'esm', minify: true },
  });
  return output[0].code;
}

/** Runs a bundled Worker in the runtime of Cloudflare itself, on loopback, until the test is over. */
export async function startWorker(
  code: string,
  given: { readonly flags: readonly string[]; readonly elsewhere?: string },
): Promise<Worker> {
  const folder = await mkdtemp(join(tmpdir(), 'successeve-worker-'));
  const port = await freePort();
  await writeFile(join(folder, 'worker.mjs'), code);
  await writeFile(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
      compatibilityDate = "2026-11-01",
      compatibilityFlags = [${given.flags.map((flag) => JSON.stringify(flag)).join(', ')}],
      bindings = [(name = "ELSEWHERE", text = ${JSON.stringify(given.elsewhere ?? '')})],
      globalOutbound = "loopback",
    )),
    (name = "loopback", network = (allow = ["private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`,
  );
  const child = spawn(workerd, ['serve', 'config.capnp', '--verbose'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => lines.push(line));
  onTestFinished(async () => {
    const exit = once(child, 'exit');
    child.kill();
    await exit;
    await rm(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await listening(url, () => (child.exitCode !== null ? new Error(lines.join('\n')) : undefined));
  return { url, lines };
}

async function listening(url: string, failed: () => Error | undefined): Promise<void> {
  for (;;) {
    const error = failed();
    if (error) throw error;
    const isListening = await fetch(`${url}/stats`).then(
      () => true,
      () => false,
    );
    if (isListening) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('expected a port');
  return address.port;
}
