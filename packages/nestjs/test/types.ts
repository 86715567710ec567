// Compiled against the built package, as a customer's strictest compiler would.
import { Controller, Get, Inject, Injectable, Module } from '@nestjs/common';
import {
  createTracker,
  type RequestTrack,
  SkipTracking,
  TRACKER,
  Track,
  TrackEvent,
  type Tracker,
  TrackingModule,
  type TrackingModuleOptions,
  type TrackingOptionsFactory,
} from '@successeve/nestjs';
import type { Request } from 'express';

const tracker: Tracker = createTracker({ enabled: false });

@Injectable()
class Configuration implements TrackingOptionsFactory {
  create(): TrackingModuleOptions<Request> {
    return { tracker, identify: ({ headers }) => ({ contactUid: String(headers['x-user']) }) };
  }
}

@SkipTracking()
@Controller()
class Pages {
  @Get()
  @SkipTracking()
  @TrackEvent('page_made', (result: string, { ip }: Request) => ({ params: { result, ip } }))
  page(@Track() track: RequestTrack): string {
    track.event('page_seen');
    return '';
  }
}

@Module({
  imports: [
    TrackingModule.forRoot({ tracker, identify: (req) => req.user, isGlobal: false, shutdownTimeoutMs: 1 }),
    TrackingModule.forRoot({ tracker, identify: (req: Request) => (req.track ? null : undefined) }),
    TrackingModule.forRootAsync({ useClass: Configuration }),
    TrackingModule.forRootAsync({
      inject: [Configuration],
      useFactory: async (configuration: Configuration) => configuration.create(),
    }),
  ],
  controllers: [Pages],
})
export class Root {
  constructor(@Inject(TRACKER) readonly tracker: Tracker) {}
}

// @ts-expect-error No contact could be identified.
TrackingModule.forRoot({ tracker });
// @ts-expect-error There is no such detail.
TrackEvent('page_made', { plan: 'gold' });
