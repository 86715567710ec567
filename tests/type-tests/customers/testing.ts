import { createRecorder } from '@successeve/testing';
import { events } from './events.js';

const recorder = createRecorder({ events });
recorder.event('signed_out', { contactUid: 7 });
recorder.event('signed_in', { contactUid: 7 }); // error: '"signed_in"' is not assignable to parameter of type 'EventUid'
recorder.event('invoice_paid', { contactUid: 7, params: { total: '3' } }); // error: Type 'string' is not assignable
