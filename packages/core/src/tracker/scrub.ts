import { describe, TrackingError } from '../errors.js';
import type { TrackedEvent } from '../event/event.js';
import { isObject } from '../event/json.js';
import { callbackFailed } from '../reporting/reporter.js';
import { isPromiseLike } from '../runtime/promise-like.js';
import { isDate } from '../runtime/realms.js';

/** The event that `beforeSend` returns, not validated yet; or an error where the event is dropped. */
export function scrub(
  event: TrackedEvent,
  beforeSend: (event: TrackedEvent) => TrackedEvent | null,
): TrackedEvent | TrackingError {
  try {
    const scrubbed: unknown = beforeSend(event);
    return isTracked(scrubbed) ? scrubbed : dropped(scrubbed);
  } catch (cause) {
    return callbackFailed('beforeSend', cause);
  }
}

/** Whether `beforeSend` returned an event. Its members are validated later. */
function isTracked(scrubbed: unknown): scrubbed is TrackedEvent {
  return isObject(scrubbed) && isDate(scrubbed.occurredAt);
}

function dropped(result: unknown): TrackingError {
  if (result === null) return new TrackingError('before_send', 'beforeSend returned null');
  // A rejection that nothing handles would end the process.
  if (isPromiseLike(result)) result.then(undefined, () => {});
  const got = isPromiseLike(result) ? 'a promise' : describe(result);
  return new TrackingError(
    'callback_failed',
    `beforeSend: expected the event, or null to drop it, got ${got}`,
  );
}
