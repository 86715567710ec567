import { NodeExchange, originOf } from '@successeve/core/adapter';
import type { FastifyRequest } from 'fastify';

/** A request and its response, by what Fastify makes of its proxies. */
export class FastifyExchange extends NodeExchange<FastifyRequest> {
  origin(): string | undefined {
    return originOf(this.request.protocol, this.request.host);
  }

  proxyHint(): string | undefined {
    // Fastify shows nowhere whether it trusts a connection, except by what it makes of such a header.
    const headers = { value: { 'x-forwarded-proto': 'trusted' } };
    const { protocol }: { protocol: string } = Object.create(this.request, { headers });
    return protocol === 'trusted' ? undefined : "set Fastify's trustProxy";
  }
}
