import { browserReports, createTracker, tracking } from '@successeve/fastify';
import Fastify, { type FastifyPluginAsync, type FastifyRequest } from 'fastify';

// What their types declare, with what the page tells the reader to add.
declare module 'fastify' {
  interface FastifyRequest {
    user?: { id: string; orgId: string };
    session: { userId?: string; user?: { email: string; name: string; plan: string } };
  }
}
declare const session: FastifyPluginAsync;
declare const authenticate: FastifyPluginAsync;
declare function identify(request: FastifyRequest): { contactUid: string } | undefined;
declare function signIn(credentials: unknown): Promise<{ id: string; orgId: string }>;
/** What @fastify/aws-lambda exports. */
declare function awsLambdaFastify(application: unknown): (event: object, context: object) => Promise<unknown>;
const fastify = Fastify();
// the block
