import type { IncomingMessage } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { type Tracker, TrackingError } from '@successeve/core';
import { originOf, type RequestTrack, type TrackingOptions, trackRequests } from '@successeve/core/adapter';
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
  const { answer, follow, attach, run, warnOfProxy } = trackRequests(tracker, options);

  const origin = (request: FastifyRequest): string | undefined => {
    const said = request.headers['x-forwarded-proto'];
    if (said && !String(said).endsWith(request.protocol))
      warnOfProxy(request.raw, 'new FastifyAdapter({ trustProxy: … })');
    return originOf(request.protocol, request.host);
  };

  if (!fastify.hasRequestDecorator('track')) {
    fastify.decorateRequest('track', {
      getter() {
        return (this.raw as TrackedMessage).track as RequestTrack;
      },
    });
  }
  fastify.addHook('onRequest', (request, reply, done) => {
    const raw: TrackedMessage = request.raw;
    const answered = answer({ req: raw, target: request.originalUrl });
    if (answered) return sendReply(reply, answered);
    const track = follow({
      request,
      req: raw,
      res: reply.raw,
      target: request.originalUrl,
      origin: () => origin(request),
    });
    attach(track, raw);
    run(track, done);
  });
}
