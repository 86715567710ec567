import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A real Redis of a test's own, with an append-only file in a folder of its own. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Starts it again, on the same port and folder. */
  start(settings?: readonly string[]): Promise<void>;
  /** Ends it; `SIGKILL` is a crash. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/** The server to test with: Redis, or Valkey. */
const command = process.env.REDIS_SERVER ?? 'redis-server';

const [, major = 0, minor = 0] =
  /v=(\d+)\.(\d+)/.exec(spawnSync(command, ['--version']).stdout?.toString()) ?? [];
/** Whether it can wait for its disk: 7.2 and later. */
export const hasWaitaof: boolean = Number(major) > 7 || (Number(major) === 7 && Number(minor) >= 2);

/** @throws Error where there is no redis-server, since nothing here can be tested without one. */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  if (major === 0) {
    throw new Error(`These tests need ${command}, and there is none: apt-get install redis-server`);
  }
  const dir = mkdtempSync(join(tmpdir(), 'successeve-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  const server: RedisServer = {
    url,
    port,
    async start(more = settings) {
      const persistence = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''];
      const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir];
      child = spawn(command, [...place, ...persistence, ...more], { stdio: 'ignore' });
      await untilReady(url);
    },
    async stop(signal = 'SIGTERM') {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    },
    async remove() {
      await server.stop('SIGKILL');
      rmSync(dir, { recursive: true });
    },
  };
  await server.start();
  return server;
}

async function untilReady(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 20 });
  redis.on('error', () => {});
  try {
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
