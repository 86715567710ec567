import type { ConfigurableModuleOptionsFactory } from '@nestjs/common';
import type { Tracker } from '@successeve/core';
import type { TrackingOptions } from '@successeve/core/adapter';

/**
 * What `TrackingModule.forRoot` is given. `Request` is your platform's: Express's `Request`, or `FastifyRequest`.
 * Like Nest's own `getRequest()` it is `any` where you do not say.
 */
// biome-ignore lint/suspicious/noExplicitAny: only the application knows its platform, and what its guards put on a request.
export interface TrackingModuleOptions<Request = any> extends TrackingOptions<Request> {
  /**
   * What `createTracker` returned, or a function that creates it. The function is called when `TRACKER` is created,
   * and so not at all where a test overrides that provider. The module closes the tracker when the application shuts
   * down.
   */
  tracker: Tracker | (() => Tracker);
  /**
   * How long the shutdown of the application waits, at most, until everything is delivered, in milliseconds.
   * @defaultValue 5 000: well within the 30 s that orchestrators grant
   */
  shutdownTimeoutMs?: number | undefined;
}

/** What `forRoot` and `forRootAsync` take beside the options. */
export interface TrackingModuleExtras {
  /**
   * Whether `TRACKER` can be injected everywhere. Requests are tracked everywhere in any case.
   * @defaultValue true
   */
  isGlobal?: boolean;
}

/** What `useClass` and `useExisting` name: a provider with a method `create` that answers the options. */
export type TrackingOptionsFactory = ConfigurableModuleOptionsFactory<TrackingModuleOptions, 'create'>;
