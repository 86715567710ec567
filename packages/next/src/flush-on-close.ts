import type { Server } from 'node:http';
import { shared } from './shared.js';

/** How long a server that closes may be held up: as the tracker holds up a process that ends. */
const timeoutMs = 5_000;

const isWatched: unique symbol = Symbol.for('@successeve/next/flush-on-close');

/**
 * Delivers what waits before a server says that it is closed. On SIGTERM `next start` closes its server and then ends
 * the process by itself, and there is no hook of its own in between.
 */
export function flushOnClose(server: Server & { [isWatched]?: true }): void {
  if (server[isWatched]) return;
  server[isWatched] = true;
  const close = server.close;
  server.close = function (this: Server, whenClosed) {
    return close.call(this, (error) => {
      const done = (): void => whenClosed?.(error);
      const flushed = shared.registration?.tracker.flush({ timeoutMs });
      if (flushed) void flushed.then(done);
      else done();
    });
  };
}
