import { createTracker, tracking } from '@successeve/koa';
import Koa from 'koa';
import { events } from './events.js';

const app = new Koa();
app.use(tracking(createTracker({ events }), { identify: () => null }));

app.use((ctx) => {
  ctx.track.event('user_registration', { params: { plan: 'gold' } });
  ctx.track.event('signed_out');
  ctx.track.event('signed_in'); // error: '"signed_in"' is not assignable to parameter of type 'EventUid'
  ctx.track.event('user_registration'); // error: Expected 2 arguments, but got 1
  ctx.request.track.event('user_registration', { params: { plan: 'tin' } }); // error: '"tin"' is not assignable
  ctx.req.track.event('trip_booked', { params: { nights: 3 } }); // error: Type 'number' is not assignable
});
