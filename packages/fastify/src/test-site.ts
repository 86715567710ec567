import { type Given, openSite, page, type Site } from '@successeve/testing/adapter-contract';
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
} from 'fastify';
import type { TrackingPluginOptions } from './options.js';
import { adapter, listen } from './test-application.js';
import { tracking } from './tracking.js';

/** What a test makes itself, where the application of the contract suite does not have it. */
export interface Making extends Given<FastifyRequest> {
  readonly fastify?: FastifyServerOptions;
  readonly shutdownTimeoutMs?: number;
}

/** Opens a site with an application of the test's own, in which ada is signed in. It registers `tracking` itself. */
export function openOwn(
  build: (app: FastifyInstance, options: TrackingPluginOptions) => void,
  { fastify: settings, shutdownTimeoutMs, ...given }: Making = {},
): Promise<Site> {
  const mount: typeof adapter.mount = async (tracker, options) => {
    const app = fastify(settings);
    build(app, { tracker, shutdownTimeoutMs, ...options });
    return listen(app);
  };
  return openSite({ ...adapter, userOf: () => ({ id: 'ada', orgId: 'org-of-ada' }), mount }, given);
}

/** Opens such a site with `tracking` registered first. */
export function open(build: (app: FastifyInstance) => void, making?: Making): Promise<Site> {
  return openOwn((app, options) => {
    app.register(tracking, options);
    build(app);
  }, making);
}

/** The headers of a browser that opens a page. */
export const navigation = { 'sec-fetch-dest': 'document', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };

export function sendPage(_: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.type('text/html').send(page);
}
