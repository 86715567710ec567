import type { IncomingMessage } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { findReport, sendAnswer } from '@successeve/core/adapter';
import { browserReports } from '@successeve/fastify';
import type { Request, RequestHandler } from 'express';
import type { FastifyInstance } from 'fastify';
import type { RunGuards } from './browser-guards.js';

/** Adds the route that browsers report to. It comes behind every middleware and before Nest's answer of 404. */
export async function takeReports(platform: AbstractHttpAdapter, runGuards: RunGuards): Promise<void> {
  if (platform.getType() === 'fastify') await takeOnFastify(platform.getInstance(), runGuards);
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

async function takeOnFastify(fastify: FastifyInstance, runGuards: RunGuards): Promise<void> {
  await fastify.register(async (scope) => {
    scope.addHook('preHandler', async (request, reply) => {
      const take = findReport(request.raw);
      if (!take || (await runGuards(request, reply))) return;
      sendAnswer(reply.hijack().raw, await take(request.body, false));
      return reply;
    });
    scope.register(browserReports());
  });
}
