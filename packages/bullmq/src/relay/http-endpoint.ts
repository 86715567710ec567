import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricsText } from './relay-metrics.js';
import type { RelayHealth } from './relay-stats.js';

export interface ListenOptions {
  /**
   * The port; 0 for any free one.
   * @defaultValue 9464
   */
  port?: number | undefined;
  /**
   * The address. Nothing that is served is secret, but use another address only inside a container or a private
   * network.
   * @defaultValue `'127.0.0.1'`
   */
  host?: string | undefined;
}

interface Sources {
  health(): RelayHealth;
  metrics(): Promise<MetricsText>;
}

/** Serves `/healthz` and `/metrics`. Rejects if the port is taken. */
export async function serve(
  sources: Sources,
  { port = 9464, host = '127.0.0.1' }: ListenOptions,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, '');
    if (path === '/healthz') return sendHealth(response, sources.health());
    if (path !== '/metrics') return end(response, 404, 'There are /healthz and /metrics.\n');
    void sources.metrics().then(
      ({ text, contentType }) => end(response, 200, text, contentType),
      () => end(response, 500, 'The metrics could not be read.\n'),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { address, port: actual, family } = server.address() as AddressInfo;
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`, server };
}

function sendHealth(response: ServerResponse, health: RelayHealth): void {
  const status = health.isHealthy ? 200 : 503;
  end(response, status, `${JSON.stringify(health)}\n`, 'application/json');
}

function end(response: ServerResponse, status: number, text: string, contentType = 'text/plain'): void {
  response.writeHead(status, { 'content-type': contentType }).end(text);
}
