import { createTracker, defineEvents, type EventUid, type RequestTrack } from '@successeve/core';

const events = defineEvents({ signed_out: {} });
const tracker = createTracker({ events });
const anyName: EventUid = `any_${Object.keys(events).length}`;

tracker.event(anyName, { contactUid: 7, params: { any: ['attribute'] } });
tracker.event('signed_out', { contactUid: 7, params: null });
tracker.event('signed_out', {}); // error: Property 'contactUid' is missing in type '{}' but required in type 'EventInput'
tracker.event('signed_out', { contactUid: 7, displayname: 'Bye' }); // error: Did you mean to write 'displayName'?

export function handle(track: RequestTrack): void {
  track.event(anyName);
  track.event(anyName, { params: { any: ['attribute'] } });
  track.event(anyName, { params: 'none' }); // error: Type 'string' is not assignable
}
