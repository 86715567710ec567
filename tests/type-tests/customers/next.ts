import type { IncomingMessage } from 'node:http';
import { createTracker, registerTracking, track, withTracking } from '@successeve/next';
import { events } from './events.js';

registerTracking(createTracker({ events }), { identify: () => null });

track().event('user_registration', { params: { plan: 'gold' } });
track().event('signed_out');
track().event('signed_in'); // error: '"signed_in"' is not assignable to parameter of type 'EventUid'
track().event('user_registration'); // error: Expected 2 arguments, but got 1
track().event('user_registration', { params: { plan: 'tin' } }); // error: '"tin"' is not assignable

export const POST = withTracking((request: Request & { track: ReturnType<typeof track> }) => {
  request.track.event('invoice_paid', { params: { total: 3 } });
  request.track.event('invoice_paid', { params: { total: '3' } }); // error: Type 'string' is not assignable to type 'number'
  return new Response();
});

export function getServerSideProps({ req }: { req: IncomingMessage }): void {
  req.track.event('signed_in'); // error: '"signed_in"' is not assignable
}
