import type { CanActivate, ConfigurableModuleOptionsFactory, Type } from '@nestjs/common';
import type { Tracker } from '@successeve/core';
import type { BrowserOptions, TrackingOptions } from '@successeve/core/adapter';

/** How pages are counted that the browser shows without asking the server for a document. */
export interface NestBrowserOptions<Request> extends BrowserOptions<Request> {
  /**
   * The guards that identify who reports: what they put on the request, `identify` finds there. The module adds the
   * route itself, before which no guard of the application stands, global ones included. A visitor whom one of them
   * rejects is not recorded.
   * @defaultValue []: where a middleware identifies, none are needed
   */
  guards?: readonly (Type<CanActivate> | CanActivate)[] | undefined;
}

/**
 * What `TrackingModule.forRoot` is given. `Request` is your platform's: Express's `Request`, or `FastifyRequest`.
 * Like Nest's own `getRequest()` it is `any` by default.
 */
// biome-ignore lint/suspicious/noExplicitAny: only the application knows its platform, and what its guards put on a request.
export interface TrackingModuleOptions<Request = any> extends Omit<TrackingOptions<Request>, 'browser'> {
  /**
   * What `createTracker` returned, or a function that creates it. The function is called when `TRACKER` is created,
   * and so not at all where a test overrides that provider. The module closes the tracker when the application shuts
   * down.
   */
  tracker: Tracker | (() => Tracker);
  /**
   * Counts pages that the browser shows without asking the server for a document: in single-page applications, and
   * where Turbo, htmx and their like swap pages in place. Serves the script at `/seen.js`, which a page loads by
   * `<script src="/seen.js" defer></script>`, and takes its reports.
   * @defaultValue false
   */
  browser?: boolean | NestBrowserOptions<Request> | undefined;
  /**
   * How long the shutdown of the application waits, at most, until everything is delivered, in milliseconds.
   * @defaultValue 5 000: well within the 30 s that orchestrators grant
   */
  shutdownTimeoutMs?: number | undefined;
}

/** What `forRoot` and `forRootAsync` take in addition to the options. */
export interface TrackingModuleExtras {
  /**
   * Whether `TRACKER` can be injected everywhere. Requests are tracked everywhere in any case.
   * @defaultValue true
   */
  isGlobal?: boolean;
}

/** What `useClass` and `useExisting` name: a provider with a method `create` that returns the options. */
export type TrackingOptionsFactory = ConfigurableModuleOptionsFactory<TrackingModuleOptions, 'create'>;
