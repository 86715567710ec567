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
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Tracker, TrackingError } from '@successeve/core';
import { type RequestTrack, trackRequests } from '@successeve/core/adapter';
import { followRequests } from './follow-requests.js';
import type { TrackingModuleExtras, TrackingModuleOptions } from './options.js';

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
  implements NestModule, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #tracker: Tracker;
  readonly #options: TrackingModuleOptions;
  readonly #host: HttpAdapterHost;
  #isFollowing = false;

  static override forRoot(options: TrackingModuleOptions & TrackingModuleExtras): DynamicModule {
    // What else may be wrong is told once there is a tracker to ask.
    if (typeof options === 'object' && options !== null) {
      // biome-ignore lint/complexity/noThisInStatic: of the parent, but it makes a module of this class.
      return super.forRoot(options);
    }
    throw new TrackingError(
      'invalid_options',
      `TrackingModule.forRoot: expected { tracker, identify, … }, got ${options === null ? 'null' : typeof options}`,
    );
  }

  constructor(
    @Inject(TRACKER) tracker: Tracker,
    @Inject(MODULE_OPTIONS_TOKEN) options: TrackingModuleOptions,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
  ) {
    super();
    this.#tracker = tracker;
    this.#options = options;
    this.#host = host;
    // Wrong options are told now, also where there is no server, or not yet.
    trackRequests(tracker, options);
    this.#follow();
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
    followRequests(httpAdapter, this.#tracker, this.#options);
  }

  get #shutdownTimeoutMs(): number {
    return this.#options.shutdownTimeoutMs ?? 5_000;
  }
}
