import { type RequestTrack, type TrackHolder, trackRequests } from '@successeve/core/adapter';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { FastifyExchange } from './fastify-exchange.js';
import type { TrackingPluginOptions } from './options.js';
import { keepReportPath } from './report-path.js';
import { sendReply } from './send-reply.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Records what the contact of this request does. */
    track: RequestTrack;
  }
}

/**
 * Records a pageview for every page really visited, and adds `request.track`. Register it once, before the plugins
 * whose hooks may answer by themselves; your authentication may come after it.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came. `fastify.ready()` and
 * `fastify.listen()` reject with it.
 */
export const tracking: FastifyPluginAsync<TrackingPluginOptions> = Object.assign(followRequests, {
  // As fastify-plugin does: the hooks are those of the application that registers the plugin.
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@successeve/fastify',
  [Symbol.for('plugin-meta')]: { name: '@successeve/fastify', fastify: '5.x' },
});

async function followRequests(fastify: FastifyInstance, options: TrackingPluginOptions): Promise<void> {
  const { tracker, shutdownTimeoutMs: timeoutMs = 5_000 } = options;
  const { answer, follow, run, reportPath } = trackRequests(tracker, options);
  keepReportPath(fastify, reportPath);
  if (!fastify.hasRequestDecorator('track')) fastify.decorateRequest('track', { getter: trackOf });
  fastify.addHook('onRequest', (request, reply, done) => {
    const exchange = new FastifyExchange(request, request.raw, reply.raw, request.originalUrl);
    const answered = answer(exchange);
    if (answered) return sendReply(reply, answered);
    run(follow(exchange, request.raw as TrackHolder), done);
  });
  // A client may keep the server from closing for long.
  fastify.addHook('preClose', async () => void tracker.flush({ timeoutMs }));
  fastify.addHook('onClose', async () => void (await tracker.close({ timeoutMs })));
}

/** Kept on Node's request, which is all that the middlewares of Express and Nest see. */
function trackOf(this: FastifyRequest): RequestTrack {
  return (this.raw as TrackHolder).track as RequestTrack;
}
