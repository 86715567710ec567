import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeExchange } from '../src/adapter/node/node-exchange.js';

/** A request of `node:http` itself, for a site whose origin is known. */
export class TestExchange extends NodeExchange<IncomingMessage> {
  constructor(req: IncomingMessage, res: ServerResponse) {
    super(req, req, res, req.url ?? '');
  }

  origin(): string {
    return 'https://app.example.com';
  }

  proxyHint(): string {
    return 'trust it';
  }
}
