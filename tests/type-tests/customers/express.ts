import { createTracker, currentTrack, tracking } from '@successeve/express';
import express from 'express';
import { events } from './events.js';

const tracker = createTracker({ events });
const app = express();
app.use(tracking(tracker, { identify: () => null }));

tracker.event('invoice_paid', { contactUid: 7, params: { total: 3 } });
tracker.event('invoice_paid', { contactUid: 7 }); // error: Property 'params' is missing

app.post('/', ({ track }) => {
  track.event('user_registration', { params: { plan: 'gold' } });
  track.event('report_exported');
  track.event('report_exported', {});
  track.event('report_exported', { accountUid: 8, params: { format: 'csv' } });
  track.event('signed_out');
  track.contact({ name: 'Ada', plan: 'gold' });
  track.account({ name: 'Acme' });
  track.contact(); // error: Expected 1 arguments, but got 0
  track.contact({ name: 7 }); // error: Type 'number' is not assignable to type 'string'
  track.account({ mrr: '99' }); // error: Type 'string' is not assignable to type 'number'
  track.event('signed_in'); // error: '"signed_in"' is not assignable to parameter of type 'EventUid'
  track.event('user_registration'); // error: Expected 2 arguments, but got 1
  track.event('user_registration', {}); // error: Property 'params' is missing
  track.event('user_registration', { params: { plan: 'tin' } }); // error: '"tin"' is not assignable
  track.event('trip_booked', { params: { nights: 3 } }); // error: Type 'number' is not assignable to type 'string'
  track.event('signed_out', { contactUid: 7 }); // error: 'contactUid' does not exist
  currentTrack()?.event('signed_in'); // error: '"signed_in"' is not assignable
});
