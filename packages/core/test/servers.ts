import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Tracker } from '../src/index.js';
import { type FakeApi, type FakeApiOptions, startFakeApi } from './fake-api.js';

/** An API until the test is over. */
export async function fakeApi(options?: FakeApiOptions): Promise<FakeApi> {
  const api = await startFakeApi(options);
  onTestFinished(() => api.close());
  return api;
}

export function closeInTheEnd(tracker: Tracker): void {
  onTestFinished(async () => {
    await tracker.close({ timeoutMs: 0 });
  });
}

/** A status, or a fault: headers without an end, an answer that is cut off or hangs after 200, no answer at all. */
type Answer =
  | number
  | [status: number, headers: Record<string, string>, body?: string]
  | 'endless'
  | 'cut'
  | 'hung'
  | 'reset'
  | 'upgrade';

/** A server of a few lines, for what a contract-faithful API never does. */
export async function serve(
  answer: (req: IncomingMessage, count: number, body: string) => Answer,
): Promise<{ url: string }> {
  let count = 0;
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => {
      body += chunk;
    });
    req.on('end', () => {
      const reply = answer(req, ++count, body);
      if (reply === 'reset') return req.socket.resetAndDestroy();
      if (reply === 'upgrade') {
        return req.socket.end('HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
      }
      if (reply === 'endless' || reply === 'cut' || reply === 'hung') {
        res.writeHead(reply === 'endless' ? 500 : 200, { 'content-length': '100' });
        res.write('{', () => {
          if (reply === 'cut') req.socket.destroy();
        });
        return;
      }
      const [status, headers, content] = Array.isArray(reply) ? reply : [reply, {}];
      res.writeHead(status, headers).end(content ?? '{"status":"success"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
