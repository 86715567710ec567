import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DevApi } from '../api/dev-api.js';
import { paths } from '../protocol.js';
import { pageListener } from './page.js';
import { findIntrusion, pageHeaders } from './security.js';

export interface DevServerOptions {
  /** A name or an address of this machine. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** The folder of the built page; without it, the API alone is served. */
  readonly pageFolder?: string | undefined;
}

export interface DevServer {
  /** The URL of the API and the page. */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws the error of `listen`, where the port or the host is not available. */
export async function startDevServer(devApi: DevApi, options: DevServerOptions): Promise<DevServer> {
  const server = createServer();
  // A tracker keeps its connection open.
  server.keepAliveTimeout = 0;
  const answerPage = pageListener(devApi, options.pageFolder);
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  devApi.apiUrl = urlOf(address, port);

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const intrusion = findIntrusion(request, { host: options.host, port });
    if (intrusion === undefined && isForApi(request)) return devApi.handle(request, response);
    response.setHeaders(new Headers(pageHeaders));
    if (intrusion !== undefined) reject(request, response, intrusion);
    else void answerPage(request, response);
  });

  return {
    url: devApi.apiUrl,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A request to a wrong path is for the API too, which answers 404 with advice. */
function isForApi({ method, url = '' }: IncomingMessage): boolean {
  const [path = ''] = url.split('?', 1);
  if (/^\/v1(\/|$)/.test(path)) return true;
  return method !== 'GET' && method !== 'HEAD' && !path.startsWith('/dev/') && !path.endsWith(paths.reports);
}

function reject(request: IncomingMessage, response: ServerResponse, message: string): void {
  request.resume();
  response.writeHead(403, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: 'error', message }));
}

/** The URL on this machine; a server on all addresses is reached on loopback. */
export function urlOf(address: string, port: number): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
