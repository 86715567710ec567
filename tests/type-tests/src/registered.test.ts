import {
  type DetailsOf,
  defineEvents,
  type EventInput,
  type EventParams,
  type EventUid,
  type Register,
  type RequestTrack,
  type Tracker,
} from '@successeve/core';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';

const events = defineEvents({
  by_zod: { displayName: 'By zod', params: z.object({ seats: z.string().transform(Number) }) },
  by_valibot: { params: v.object({ plan: v.optional(v.picklist(['gold', 'silver']), 'gold') }) },
  by_arktype: { params: type({ total: 'number', 'note?': 'string' }) },
  by_nobody: {},
});

declare module '@successeve/core' {
  interface Register {
    events: typeof events;
  }
}

type Attributes = Readonly<Record<string, unknown>>;

// The compiler is what runs these, in `typecheck`.
describe('a registered catalogue', () => {
  it('names the events', () => {
    expectTypeOf<EventUid>().toEqualTypeOf<'by_zod' | 'by_valibot' | 'by_arktype' | 'by_nobody'>();
    expectTypeOf<Register['events']>().toEqualTypeOf(events);
  });

  it('types params as what a schema takes, not as what it makes of it', () => {
    expectTypeOf<EventParams<'by_zod'>>().toEqualTypeOf<{ seats: string }>();
    expectTypeOf<EventParams<'by_valibot'>>().toEqualTypeOf<{ plan?: 'gold' | 'silver' | undefined }>();
    expectTypeOf<EventParams<'by_arktype'>>().toEqualTypeOf<{ total: number; note?: string }>();
    expectTypeOf<EventParams<'by_nobody'>>().toEqualTypeOf<Attributes>();
  });

  it('requires params where the schema requires one of them', () => {
    type Params<Name extends EventUid> = Pick<DetailsOf<EventInput, Name>, 'params'>;
    expectTypeOf<Params<'by_zod'>>().toEqualTypeOf<{ params: { seats: string } }>();
    expectTypeOf<Params<'by_nobody'>>().toEqualTypeOf<{ params?: Attributes | null | undefined }>();
    expectTypeOf<DetailsOf<EventInput, 'by_zod'>>().toExtend<EventInput>();
  });

  it('types the tracker and the helper of a request', () => {
    expectTypeOf<Tracker['event']>().toBeCallableWith('by_zod', { contactUid: 7, params: { seats: '3' } });
    expectTypeOf<Tracker['event']>().toBeCallableWith('by_valibot', { contactUid: 7 });
    expectTypeOf<RequestTrack['event']>().toBeCallableWith('by_zod', { params: { seats: '3' } });
    expectTypeOf<RequestTrack['event']>().toBeCallableWith('by_nobody');
  });
});
