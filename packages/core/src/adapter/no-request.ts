import { TrackingError } from '../errors.js';
import { type DroppedEvent, pageviewUid } from '../event/event.js';
import type { Tracker } from '../tracker/tracker.js';
import { noTrack } from './followed-request.js';
import type { RequestTrack } from './request-track.js';
import { portOf } from './track-requests.js';

/** A helper where there is no request, and so no contact: what it records is dropped with the reason `no_contact`. */
export function trackWithoutRequest(tracker: Tracker, message: string): RequestTrack {
  const { isEnabled, intake } = portOf(tracker);
  if (!isEnabled) return noTrack;
  const drop = (event: DroppedEvent): void => {
    intake.drop(event, 'no_contact', new TrackingError('no_contact', message));
  };
  return {
    ...noTrack,
    event: (eventUid) => drop({ kind: 'event', eventUid }),
    pageview: () => drop({ kind: 'pageview', eventUid: pageviewUid }),
    contact: () => drop({ kind: 'contact' }),
    account: () => drop({ kind: 'account' }),
  };
}
