import { browserReports, createTracker, tracking } from '@successeve/fastify';
import Fastify from 'fastify';
import { events } from './events.js';

const app = Fastify();
app.register(tracking, { tracker: createTracker({ events }), identify: ({ ip }) => ({ contactUid: ip }) });
app.register(browserReports());
app.register(tracking, { tracker: createTracker({ events }) }); // error: No overload matches this call
Fastify({ http2: true }).register(tracking, { tracker: createTracker({ events }), identify: () => null });

app.get('/', async (request) => {
  request.track.event('user_registration', { params: { plan: 'gold' } });
  request.track.event('signed_out');
  request.track.event('signed_in'); // error: '"signed_in"' is not assignable to parameter of type 'EventUid'
  request.track.event('user_registration'); // error: Expected 2 arguments, but got 1
});
