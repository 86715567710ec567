import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Desk } from '../api/dev-api.js';
import { pageListener } from './page.js';
import { readPageFiles } from './page-files.js';
import { findIntrusion, securityHeaders } from './security.js';

export interface DevServerOptions {
  /** Where to listen: a name or an address of this machine. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Where the built page is. */
  readonly pageFolder: string;
}

export interface DevServer {
  /** Where the API and the page are. */
  readonly url: string;
  /** Ends at once, whoever is connected. */
  close(): Promise<void>;
}

/**
 * Lets a desk be reached: its API, its page, and what the page asks for.
 *
 * @throws what `listen` says, where the port or the host is not to be had.
 */
export async function startDevServer(desk: Desk, options: DevServerOptions): Promise<DevServer> {
  const server = createServer();
  // A tracker's connection stays open for as long as it likes, as with any API that is often asked.
  server.keepAliveTimeout = 0;
  const answerPage = pageListener(desk, await readPageFiles(options.pageFolder));
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  desk.apiUrl = urlOf(address, port);

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const intrusion = findIntrusion(request, { host: options.host, port });
    if (intrusion !== undefined) refuse(request, response, intrusion);
    else if (isForApi(request)) desk.answer(request, response);
    else void answerPage(request, response);
  });

  return { url: desk.apiUrl, close: () => closeServer(server) };
}

/** What is sent to a wrong path is meant for the API too, which says so. */
function isForApi({ method, url = '' }: IncomingMessage): boolean {
  const [path = ''] = url.split('?', 1);
  if (/^\/v1(\/|$)/.test(path)) return true;
  return method !== 'GET' && method !== 'HEAD' && !path.startsWith('/dev/') && !path.endsWith('/dev/reports');
}

function refuse(request: IncomingMessage, response: ServerResponse, message: string): void {
  request.resume();
  response.writeHead(403, { ...securityHeaders, 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: 'error', message }));
}

/** Where this machine reaches us; one that listens everywhere is reached on loopback too. */
export function urlOf(address: string, port: number): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
