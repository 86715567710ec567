import type { IncomingMessage } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { type Tracker, TrackingError } from '@successeve/core';
import {
  NodeExchange,
  originOf,
  type RequestTrack,
  type TrackingOptions,
  trackRequests,
} from '@successeve/core/adapter';
import { tracking } from '@successeve/express';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendReply } from './send-reply.js';

/**
 * Follows every request to an application: below its prefix or not, found or not, let in by its guards or not.
 *
 * @throws TrackingError with the code `invalid_options`, also for a platform that is neither of Nest's own.
 */
export function followRequests(
  platform: AbstractHttpAdapter,
  tracker: Tracker,
  options: TrackingOptions<unknown>,
): void {
  switch (platform.getType()) {
    case 'express':
      platform.use(tracking(tracker, options));
      break;
    case 'fastify':
      followOnFastify(platform.getInstance(), tracker, options);
      break;
    default:
      throw new TrackingError(
        'invalid_options',
        `TrackingModule: expected the platform to be express or fastify, got ${platform.getType()}`,
      );
  }
}

type TrackedMessage = IncomingMessage & { track?: RequestTrack };

function followOnFastify(
  fastify: FastifyInstance,
  tracker: Tracker,
  options: TrackingOptions<FastifyRequest>,
): void {
  const { answer, follow, run } = trackRequests(tracker, options);
  if (!fastify.hasRequestDecorator('track')) {
    fastify.decorateRequest('track', {
      getter() {
        return (this.raw as TrackedMessage).track as RequestTrack;
      },
    });
  }
  fastify.addHook('onRequest', (request, reply, done) => {
    const raw: TrackedMessage = request.raw;
    const exchange = new FastifyExchange(request, raw, reply.raw, request.originalUrl);
    const answered = answer(exchange);
    if (answered) return sendReply(reply, answered);
    run(follow(exchange, raw), done);
  });
}

class FastifyExchange extends NodeExchange<FastifyRequest> {
  origin(): string | undefined {
    return originOf(this.request.protocol, this.request.host);
  }

  proxyHint(): string | undefined {
    const isTrusted = this.header('x-forwarded-proto')?.endsWith(this.request.protocol);
    return isTrusted ? undefined : 'new FastifyAdapter({ trustProxy: … })';
  }
}
