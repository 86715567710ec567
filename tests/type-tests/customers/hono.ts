import { browserReports, createTracker, currentTrack, tracking } from '@successeve/hono';
import { Hono } from 'hono';
import { events } from './events.js';

interface SignedIn {
  Variables: { user: { id: string } | undefined };
}

const app = new Hono<SignedIn>();
const tracker = createTracker({ events });
app.use(tracking(tracker, { identify: (c) => ({ contactUid: c.get('user')?.id ?? '' }) }));
app.use(tracking<SignedIn>(tracker, { identify: (c) => ({ contactUid: c.get('user')?.name }) })); // error: Property 'name' does not exist
app.use(tracking(tracker, {})); // error: Property 'identify' is missing
app.use(browserReports());

app.get('/', (c) => {
  c.var.track.event('user_registration', { params: { plan: 'gold' } });
  c.get('track').event('signed_out');
  c.var.track.event('signed_in'); // error: '"signed_in"' is not assignable to parameter of type 'EventUid'
  c.var.track.event('user_registration'); // error: Expected 2 arguments, but got 1
  currentTrack()?.event('trip_booked', { params: { nights: 3 } }); // error: Type 'number' is not assignable
  return c.text('');
});
new Hono().get('/', (c) => {
  c.set('track', 'mine'); // error: No overload matches this call
  return c.text(c.var.track.skip.name);
});
