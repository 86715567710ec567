import type { IncomingMessage, ServerResponse } from 'node:http';
import { originOf } from '../url/visit-url.js';
import { NodeExchange } from './node-exchange.js';

/** What Node knows of a request and its response that are shown as the web's own. */
export class UnderlyingExchange extends NodeExchange<undefined> {
  /** A target in absolute form names a host, which is not believed. Where no host came, servers make one up. */
  get isHostDoubtful(): boolean {
    return !this.target.startsWith('/') || !this.#host;
  }

  origin(): string | undefined {
    const { socket } = this.raw;
    return originOf('encrypted' in socket && socket.encrypted ? 'https' : 'http', this.#host);
  }

  get #host(): string | undefined {
    return this.header('host') ?? this.header(':authority');
  }
}

export function underlyingExchange(
  req: IncomingMessage,
  res: ServerResponse,
): UnderlyingExchange | undefined {
  return new UnderlyingExchange(undefined, req, res, req.url ?? '');
}
