import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The application that a report is sent to: its URL, its server, or what `createServer` takes, such as an application
 * of Express. As in supertest, a server that does not listen yet listens on a free port until the report is answered.
 */
export type ReportTarget = string | URL | Server | RequestListener;

/** Calls `use` with the URL of an application, which listens there until that is done. */
export async function withUrl<Result>(
  target: ReportTarget,
  use: (url: URL) => Promise<Result>,
): Promise<Result> {
  if (typeof target === 'string' || target instanceof URL) return use(readUrl(target));
  const server = typeof target === 'function' ? createServer(target) : target;
  if (server.listening) return use(urlOf(server));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    return await use(urlOf(server));
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function readUrl(target: string | URL): URL {
  const url = URL.canParse(String(target)) ? new URL(target) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new TypeError(`target: expected a URL such as 'http://localhost:3000', got '${target}'`);
}

function urlOf(server: Server): URL {
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
