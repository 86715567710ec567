import type { Tracker } from '@successeve/core';
import type { TrackingOptions } from '@successeve/core/adapter';
import type { FastifyRequest } from 'fastify';

/** What `fastify.register(tracking, …)` takes. */
export interface TrackingPluginOptions extends TrackingOptions<FastifyRequest> {
  /** What `createTracker` returned. The plugin closes it when the application is closed. */
  tracker: Tracker;
  /**
   * How long `fastify.close()` waits, at most, until everything is delivered, in milliseconds.
   * @defaultValue 5 000: well within the 30 s that orchestrators grant
   */
  shutdownTimeoutMs?: number | undefined;
}
