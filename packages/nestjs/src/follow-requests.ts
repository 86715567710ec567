import type { AbstractHttpAdapter } from '@nestjs/core';
import type { Tracker } from '@successeve/core';
import { type TrackingOptions, wrongOption } from '@successeve/core/adapter';
import { tracking as onExpress } from '@successeve/express';
import { tracking as onFastify } from '@successeve/fastify';
import type { FastifyInstance } from 'fastify';

/** What the module's options are, checked. */
export interface FollowOptions extends TrackingOptions<unknown> {
  readonly tracker: Tracker;
  readonly shutdownTimeoutMs: number;
}

/**
 * Follows every request to an application: below its prefix or not, found or not, let in by its guards or not.
 *
 * @throws TrackingError with the code `invalid_options`, also for a platform that is neither of Nest's own.
 */
export function followRequests(platform: AbstractHttpAdapter, options: FollowOptions): void {
  switch (platform.getType()) {
    case 'express':
      platform.use(onExpress(options.tracker, options));
      break;
    case 'fastify':
      platform.getInstance<FastifyInstance>().register(onFastify, options);
      break;
    default:
      throw wrongOption('TrackingModule', 'the platform to be express or fastify', platform.getType());
  }
}
