import { Controller, Get, Module, Post } from '@nestjs/common';
import { createTracker, type RequestTrack, Track, TrackEvent, TrackingModule } from '@successeve/nestjs';
import type { Request } from 'express';
import { events } from './events.js';

const tracker = createTracker({ events });

@Controller()
class Pages {
  @Post()
  @TrackEvent('user_registration', { params: { plan: 'gold' } })
  @TrackEvent('report_exported')
  @TrackEvent('signed_out', () => ({}))
  @TrackEvent('invoice_paid', (total: number, { ip }: Request) => ({ params: { total, note: String(ip) } }))
  @TrackEvent('signed_in') // error: '"signed_in"' is not assignable to parameter of type 'EventUid'
  @TrackEvent('user_registration') // error: Expected 2 arguments, but got 1
  @TrackEvent('user_registration', {}) // error: Argument of type '{}' is not assignable
  @TrackEvent('user_registration', { params: { plan: 'tin' } }) // error: '"tin"' is not assignable
  @TrackEvent('invoice_paid', (total: string) => ({ params: { total } })) // error: Type 'string' is not assignable to type 'number'
  register(): void {}

  @Get()
  page(@Track() track: RequestTrack): void {
    track.event('invoice_paid', { params: { total: 3 } });
    track.event('invoice_paid'); // error: Expected 2 arguments, but got 1
  }
}

@Module({ imports: [TrackingModule.forRoot({ tracker, identify: () => null })], controllers: [Pages] })
export class Root {}

export function handle(req: Request): void {
  req.track.event('signed_in'); // error: '"signed_in"' is not assignable
}
