import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { RunningApplication } from './adapter.js';

/** What every page is. */
export const page: string = '<!doctype html><title>A page</title><p>A page.</p>';

/** A page that is larger than what sockets buffer, so that a client can leave in the middle of it. */
export const bigPage: string = page + '<p>Far more than anybody reads.</p>'.repeat(1_000_000);

/** A folder with `page.html` and `style.css`, to be served at `/static`. */
export const staticFolder: string = fileURLToPath(new URL('files', import.meta.url));

/** What handlers throw: without its stack, which some frameworks show, and in which our middleware stands. */
export function failure(): Error {
  const error = new Error('the handler failed');
  error.stack = String(error);
  return error;
}

/** Listens on a free port of 127.0.0.1. */
export async function listen(listener: RequestListener): Promise<RunningApplication> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
