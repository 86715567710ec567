import type { WebAnswer } from '@successeve/core/adapter';
import type { FastifyReply } from 'fastify';

/** Sends an answer of the kit's by Fastify's own reply. */
export function sendReply(reply: FastifyReply, { status, headers, body }: WebAnswer): void {
  const { vary, ...others } = headers;
  const earlier = reply.getHeader('vary');
  if (vary) reply.header('vary', earlier === undefined ? vary : `${earlier}, ${vary}`);
  void reply
    .code(status)
    .headers(others)
    .send(body && Buffer.from(body));
}
