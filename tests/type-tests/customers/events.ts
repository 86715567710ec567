import { defineEvents } from '@successeve/core';
import * as v from 'valibot';

export const events = defineEvents({
  user_registration: {
    displayName: 'Registration',
    params: v.object({ plan: v.picklist(['gold', 'silver']), seats: v.optional(v.number()) }),
  },
  report_exported: { params: v.object({ format: v.optional(v.string(), 'pdf') }) },
  trip_booked: { params: v.object({ nights: v.pipe(v.string(), v.transform(Number)) }) },
  invoice_paid: { params: v.object({ total: v.number(), note: v.optional(v.string()) }) },
  signed_out: {},
});

declare module '@successeve/core' {
  interface Register {
    events: typeof events;
  }
}
