import { findReport } from '@successeve/core/adapter';
import type { FastifyPluginAsync } from 'fastify';
import { findReportPath } from './report-path.js';
import { sendReply } from './send-reply.js';

/**
 * Takes what browsers report, where `tracking` has the option `browser`: answers `POST /seen` with 204. Register it after
 * `tracking`, where your hooks authenticate, so that `identify` knows the visitor, and where none asks for a CSRF token.
 *
 * @throws TrackingError with the code `invalid_options` where `tracking` is not registered before it.
 */
export function browserReports(): FastifyPluginAsync {
  return async (fastify) => {
    const path = findReportPath(fastify);
    if (path === undefined) return;
    // Fastify's own parsers answer 413 and 415, and a report is answered 204 in any case.
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (_request, _payload, done) => done(null));
    fastify.post(path, async (request, reply) => {
      const take = findReport(request.raw);
      if (!take) return reply.callNotFound();
      sendReply(reply, await take(request.body));
      return reply;
    });
  };
}
