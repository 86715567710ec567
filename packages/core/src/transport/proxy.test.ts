import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createApiServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const node = process.env.MACHINE_NODE ?? process.execPath;
const app = fileURLToPath(new URL('../../test/exiting-app.mjs', import.meta.url));
/** Node 24 and later read the variables of proxies; older ones need an agent. */
const readsProxies =
  spawnSync(node, ['-e', "process.exit(+!process.allowedNodeEnvironmentFlags.has('--use-env-proxy'))"])
    .status === 0;

/** A certificate that is made for this run. */
let directory: string;
const children: ChildProcess[] = [];
const servers: Server[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'successeve-proxy-'));
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost'],
    ...['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')],
  ]);
  expect(made.status, String(made.stderr)).toBe(0);
});

afterAll(() => rmSync(directory, { recursive: true }));

let contacts: string[];
let apiUrl: string;
let proxyUrl: string;
/** The targets of the proxy's CONNECT requests. */
let tunnels: string[];
let isProxyHung: boolean;

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

beforeEach(async () => {
  contacts = [];
  tunnels = [];
  isProxyHung = false;
  const read = (name: string): Buffer => readFileSync(join(directory, name));
  const api = createApiServer({ key: read('key.pem'), cert: read('cert.pem') }, async (req, res) => {
    contacts.push(JSON.parse(await text(req)).contact_uid);
    res.setHeader('content-type', 'application/json').end('{"status":"success"}');
  });
  apiUrl = `https://localhost:${await listen(api)}`;
  const proxy = createHttpServer();
  proxy.on('connect', (req, client: Socket) => {
    tunnels.push(req.url ?? '');
    client.on('error', () => {});
    if (isProxyHung) return;
    const upstream = connect(Number(req.url?.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => client.destroy());
  });
  proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Starts an application that tracks and ends by itself. */
function start(env: Record<string, string>): ChildProcess {
  const child = spawn(node, [app], {
    env: {
      PATH: process.env.PATH,
      NODE_EXTRA_CA_CERTS: join(directory, 'cert.pem'),
      SUCCESSEVE_API_TOKEN: 'secret',
      SUCCESSEVE_API_URL: apiUrl,
      APP_EVENTS: '50',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
  return child;
}

describe.skipIf(!readsProxies)('a proxy that the environment names', () => {
  const endsByItself = { APP_MODE: 'natural end' };

  it('is used where Node uses it, over connections that are kept, and holds nothing open', async () => {
    const child = start({ ...endsByItself, NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxyUrl });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(new Set(contacts).size).toBe(50);
    expect(new Set(tunnels)).toEqual(new Set([new URL(apiUrl).host]));
    expect(tunnels.length).toBeLessThanOrEqual(16);
  });

  it.each([
    ['NO_PROXY excepts the API', { NODE_USE_ENV_PROXY: '1', NO_PROXY: 'localhost' }],
    ['Node was not asked to use it', {}],
  ])('is not used where %s', async (_, env) => {
    const child = start({ ...endsByItself, HTTPS_PROXY: proxyUrl, ...env });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(contacts).toHaveLength(50);
    expect(tunnels).toEqual([]);
  });

  it('may hang: everything is delivered once it works', async () => {
    isProxyHung = true;
    start({ APP_TIMEOUT: '50', NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxyUrl });
    // More than the agent has sockets.
    await vi.waitFor(() => expect(tunnels.length).toBeGreaterThan(20), { timeout: 25_000 });
    isProxyHung = false;
    await vi.waitFor(() => expect(new Set(contacts).size).toBe(50), { timeout: 25_000 });
  });

  it('may hang: the process ends all the same', async () => {
    isProxyHung = true;
    const child = start({ ...endsByItself, NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxyUrl });
    const startedAt = Date.now();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(Date.now() - startedAt).toBeLessThan(9_000);
  });
});
