import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { INestApplication, NestApplicationOptions, Type } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import nest from '@nestjs/core/package.json' with { type: 'json' };
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { RequestTrack } from './index.js';

/** As much of a request as Express and Fastify have in common. */
export interface PlatformRequest {
  readonly headers: IncomingHttpHeaders;
  /** Fastify's alone. */
  readonly raw?: IncomingMessage;
  readonly track: RequestTrack;
  user?: { readonly id: string; readonly orgId?: string } | undefined;
}

/** As much of a response as Express and Fastify have in common. */
export interface PlatformResponse {
  header(name: string, value: string): unknown;
  status(code: number): unknown;
}

/** One platform of the Nest that is installed. */
export interface Platform {
  readonly name: string;
  readonly isFastify: boolean;
  /** @param trustProxy - whose `X-Forwarded-*` is believed; none by default */
  adapter(trustProxy?: string): AbstractHttpAdapter;
  /** Adds a middleware behind ours, which may put a user on the request that handlers see. */
  authenticate(app: INestApplication, authentication: Authentication): void;
}

type Authentication = (request: PlatformRequest) => Promise<void>;

const major = nest.version.split('.', 1)[0];
const quiet: NestApplicationOptions = { logger: false, abortOnError: false };

const express: Platform = {
  name: `nest ${major} on express`,
  isFastify: false,
  adapter(trustProxy) {
    const adapter = new ExpressAdapter();
    adapter.set('trust proxy', trustProxy ?? false);
    return adapter;
  },
  authenticate(app, authentication) {
    app.use((req: PlatformRequest, _res: unknown, next: (error?: unknown) => void) => {
      authentication(req).then(() => next(), next);
    });
  },
};

const fastify: Platform = {
  name: `nest ${major} on fastify`,
  isFastify: true,
  adapter: (trustProxy) => new FastifyAdapter({ trustProxy: trustProxy ?? false }),
  authenticate(app, authentication) {
    const instance = app.getHttpAdapter().getInstance();
    instance.addHook('onRequest', (request: PlatformRequest) => authentication(request));
  },
};

export const platforms: readonly Platform[] = [express, fastify];

/** A Nest application that has not started yet. */
export function create(platform: Platform, root: Type, trustProxy?: string): Promise<INestApplication> {
  return NestFactory.create(root, platform.adapter(trustProxy), quiet);
}

/** The response of Node below the platform's, for a handler that answers by itself. */
export function takeOver(response: PlatformResponse): ServerResponse {
  const reply = response as Partial<{ raw: ServerResponse; hijack(): void }>;
  reply.hijack?.();
  return reply.raw ?? (response as unknown as ServerResponse);
}

/** Where an application answers that listens on 127.0.0.1. */
export async function listen(app: INestApplication): Promise<string> {
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}
