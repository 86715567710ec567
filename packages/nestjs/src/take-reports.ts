import type { IncomingMessage } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { findReport, sendAnswer } from '@successeve/core/adapter';
import type { Request, RequestHandler } from 'express';
import type { FastifyInstance } from 'fastify';
import type { RunGuards } from './browser-guards.js';
import { sendReply } from './send-reply.js';

/** Adds the route that browsers report to. It comes behind every middleware and before Nest's answer of 404. */
export async function takeReports(
  platform: AbstractHttpAdapter,
  path: string,
  runGuards: RunGuards,
): Promise<void> {
  if (platform.getType() === 'fastify') await takeOnFastify(platform.getInstance(), path, runGuards);
  else platform.use(takeOnExpress(runGuards));
}

function takeOnExpress(runGuards: RunGuards): RequestHandler {
  return (req: Request, res, next) => {
    const take = findReport(req as IncomingMessage);
    if (!take) return next();
    void runGuards(req, res)
      .then((isAllowed) => take(req.body, isAllowed))
      .then((answer) => sendAnswer(res, answer));
  };
}

async function takeOnFastify(fastify: FastifyInstance, path: string, runGuards: RunGuards): Promise<void> {
  await fastify.register(async (scope) => {
    // Fastify's own answer 413 and 415, and a report is answered 204 whatever it is.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.post(path, async (request, reply) => {
      const take = findReport(request.raw);
      if (!take) return reply.callNotFound();
      const isAllowed = await runGuards(request, reply);
      sendReply(reply, await take(request.body, isAllowed));
      return reply;
    });
  });
}
