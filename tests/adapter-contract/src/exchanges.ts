import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

const requestStart = 'http.server.request.start';

/**
 * Knows which requests to a server have not ended on the server's side, where tracking happens. Node publishes it, so
 * that no framework has to.
 */
export class Exchanges {
  readonly #port: number;
  readonly #open = new Set<ServerResponse>();
  #waiting: (() => void)[] = [];

  constructor(url: string) {
    this.#port = Number(new URL(url).port);
    subscribe(requestStart, this.#started);
  }

  /** Waits until every request has ended. */
  async ended(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    unsubscribe(requestStart, this.#started);
  }

  readonly #started = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.socket.localPort !== this.#port) return;
    this.#open.add(response);
    // The listeners of the adapter run in the same turn; a waiting test goes on after it.
    response.once('close', () => {
      this.#open.delete(response);
      if (this.#open.size > 0) return;
      for (const resolve of this.#waiting) resolve();
      this.#waiting = [];
    });
  };
}
