import {
  type BeforeApplicationShutdown,
  ConfigurableModuleBuilder,
  type ConfigurableModuleCls,
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type NestModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { Tracker } from '@successeve/core';
import {
  invalidOption,
  type RequestTrack,
  type TrackingOptions,
  trackRequests,
} from '@successeve/core/adapter';
import { type Guard, openGuards, takeGuards } from './browser-guards.js';
import { followRequests } from './follow-requests.js';
import type { TrackingModuleExtras, TrackingModuleOptions } from './options.js';
import { takeReports } from './take-reports.js';

declare global {
  namespace Express {
    interface Request {
      /** Records what the contact of this request does. */
      track: RequestTrack;
    }
  }
}

// biome-ignore lint/suspicious/noTsIgnore: an error in the published types alone, and where there is no Fastify.
/** @ts-ignore: an application on Express has no Fastify. */
declare module 'fastify' {
  interface FastifyRequest {
    /** Records what the contact of this request does. */
    track: RequestTrack;
  }
}

/** The token of the tracker: `constructor(@Inject(TRACKER) private readonly tracker: Tracker)`. */
export const TRACKER: unique symbol = Symbol.for('@successeve/nestjs/tracker');

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<TrackingModuleOptions>()
    .setClassMethodName('forRoot')
    .setExtras<TrackingModuleExtras>({ isGlobal: true }, (definition, { isGlobal }) => ({
      ...definition,
      global: isGlobal ?? true,
    }))
    .build();

const Configurable: ConfigurableModuleCls<TrackingModuleOptions, 'forRoot', 'create', TrackingModuleExtras> =
  ConfigurableModuleClass;

const trackerProvider: FactoryProvider<Tracker | undefined> = {
  provide: TRACKER,
  inject: [MODULE_OPTIONS_TOKEN],
  useFactory: (options?: TrackingModuleOptions) =>
    typeof options?.tracker === 'function' ? options.tracker() : options?.tracker,
};

/**
 * Records a pageview for every page really visited, and attaches `req.track`, on Express and on Fastify. Import it
 * once, in the root module, by `forRoot` or `forRootAsync`.
 */
@Module({ providers: [trackerProvider], exports: [trackerProvider] })
export class TrackingModule
  extends Configurable
  implements NestModule, OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #tracker: Tracker;
  readonly #options: TrackingModuleOptions;
  readonly #tracking: TrackingOptions<unknown>;
  readonly #guards: readonly Guard[];
  readonly #takesReports: boolean;
  readonly #host: HttpAdapterHost;
  readonly #moduleRef: ModuleRef;
  #isFollowing = false;

  static override forRoot(options: TrackingModuleOptions & TrackingModuleExtras): DynamicModule {
    // The other options are checked once there is a tracker.
    if (typeof options === 'object' && options !== null) {
      // biome-ignore lint/complexity/noThisInStatic: of the parent, but it makes a module of this class.
      return super.forRoot(options);
    }
    throw invalidOption('TrackingModule.forRoot', '{ tracker, identify, … }', options);
  }

  constructor(
    @Inject(TRACKER) tracker: Tracker,
    @Inject(MODULE_OPTIONS_TOKEN) options: TrackingModuleOptions,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ModuleRef) moduleRef: ModuleRef,
  ) {
    super();
    this.#tracker = tracker;
    this.#options = options;
    this.#host = host;
    this.#moduleRef = moduleRef;
    const { tracking, guards } = takeGuards(options);
    this.#tracking = tracking;
    this.#guards = guards;
    // Wrong options are reported now, also where there is no server, or not yet.
    this.#takesReports = trackRequests(tracker, tracking).reportPath !== undefined;
    this.#follow();
  }

  /** The route for reports comes after every middleware of the application. */
  async onModuleInit(): Promise<void> {
    const { httpAdapter } = this.#host;
    if (!this.#takesReports || !httpAdapter) return;
    await takeReports(httpAdapter, await openGuards(this.#guards, this.#moduleRef));
  }

  /** In a testing module, the platform comes after the modules. */
  configure(): void {
    this.#follow();
  }

  /** Starts to deliver what is queued, and waits for nothing: the server may take its time to close, or never do. */
  beforeApplicationShutdown(): void {
    void this.#tracker.flush({ timeoutMs: this.#shutdownTimeoutMs });
  }

  /** The server is closed: there is nothing more to come. */
  async onApplicationShutdown(): Promise<void> {
    await this.#tracker.close({ timeoutMs: this.#shutdownTimeoutMs });
  }

  #follow(): void {
    const { httpAdapter } = this.#host;
    // None in a microservice, nor in a standalone application.
    if (this.#isFollowing || !httpAdapter) return;
    this.#isFollowing = true;
    followRequests(httpAdapter, {
      ...this.#tracking,
      tracker: this.#tracker,
      shutdownTimeoutMs: this.#shutdownTimeoutMs,
    });
  }

  get #shutdownTimeoutMs(): number {
    return this.#options.shutdownTimeoutMs ?? 5_000;
  }
}
