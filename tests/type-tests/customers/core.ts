import { createTracker, type EventParams, type EventUid, type Tracker } from '@successeve/core';
import * as v from 'valibot';
import { events } from './events.js';

const tracker: Tracker = createTracker({ events });
const contactUid = 7;

tracker.event('user_registration', { contactUid, params: { plan: 'gold' } });
tracker.event('user_registration', {
  contactUid,
  displayName: 'Welcome',
  params: { plan: 'gold', seats: 3 },
});
tracker.event('report_exported', { contactUid });
tracker.event('report_exported', { contactUid, params: { format: 'csv' } });
tracker.event('trip_booked', { contactUid, params: { nights: '3' } });
tracker.event('invoice_paid', { contactUid, params: { total: 3, note: 'late' } });
tracker.event('signed_out', { contactUid, params: { any: 'attribute' } });
tracker.contact(contactUid, { email: 'ada@example.com', accountUid: 8, churnDate: new Date(), plan: 'gold' });
tracker.account(8n, { name: 'Acme', domain: 'acme.example', mrr: null, seats: [1, 2] });
tracker.pageview({ contactUid, visitUrl: 'https://example.com/', params: { any: 'attribute' } });

tracker.event('user_registred', { contactUid }); // error: '"user_registred"' is not assignable to parameter of type 'EventUid'
tracker.event('pageview', { contactUid }); // error: '"pageview"' is not assignable
tracker.event(`user_${contactUid}`, { contactUid }); // error: is not assignable to parameter of type 'EventUid'
tracker.event('signed_out', {}); // error: Property 'contactUid' is missing
tracker.event('user_registration', { contactUid }); // error: Property 'params' is missing
tracker.event('user_registration', { contactUid, params: {} }); // error: Property 'plan' is missing
tracker.event('user_registration', { contactUid, params: null }); // error: 'null' is not assignable
tracker.event('user_registration', { contactUid, params: { plan: 'tin' } }); // error: '"tin"' is not assignable to type '"gold" | "silver"'
tracker.event('user_registration', { contactUid, params: { plan: 'gold', seets: 3 } }); // error: Did you mean to write 'seats'?
tracker.event('report_exported', { contactUid, params: { format: 3 } }); // error: Type 'number' is not assignable to type 'string'
tracker.event('trip_booked', { contactUid, params: { nights: 3 } }); // error: Type 'number' is not assignable to type 'string'
tracker.event('invoice_paid', { contactUid, params: { total: '3' } }); // error: Type 'string' is not assignable to type 'number'
tracker.event('signed_out', { contactUid, displayname: 'Bye' }); // error: Did you mean to write 'displayName'?

tracker.contact(contactUid); // error: Expected 2 arguments, but got 1
tracker.contact(contactUid, { email: 7 }); // error: Type 'number' is not assignable to type 'string'
tracker.contact(contactUid, { accountUid: {} }); // error: is not assignable to type 'Uid
tracker.account(8, { mrr: '99' }); // error: Type 'string' is not assignable to type 'number'
tracker.account(8, { churnDate: true }); // error: Type 'true' is not assignable to type 'string | number | Date

createTracker({
  beforeSend(event) {
    if (event.kind === 'contact') return { ...event, params: { ...event.params, email: null } };
    if (event.kind === 'account') return event.accountUid === '8' ? null : event;
    return event.eventUid.startsWith('test_') ? null : event;
  },
});
createTracker({ beforeSend: (event) => (event.eventUid.length > 3 ? event : null) }); // error: 'event.eventUid' is possibly 'undefined'

/** What an application writes that has something of its own around the tracker. */
export function record<Name extends EventUid>(eventUid: Name, params: EventParams<Name>): [Name, unknown] {
  return [eventUid, params];
}
record('invoice_paid', { total: 3 });
record('invoice_paid', { total: '3' }); // error: Type 'string' is not assignable to type 'number'

createTracker({ events: { signed_out: { displayName: 3 } } }); // error: Type 'number' is not assignable to type 'string'
createTracker({ events: { signed_out: { params: v.string() } } }); // error: is not assignable to type
createTracker({ events: { signed_out: { params: { plan: 'string' } } } }); // error: 'plan' does not exist in type 'StandardSchema<object, object>'
