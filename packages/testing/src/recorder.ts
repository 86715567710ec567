import {
  createTracker,
  memoryQueue,
  type TrackedEvent,
  type Tracker,
  type TrackerOptions,
} from '@successeve/core';
import { type QueuedEvent, readQueuedEvent } from '@successeve/core/queue';

/** What a contact did: an event or a pageview. */
export type RecordedEvent = TrackedEvent<'event' | 'pageview'>;

/** A tracker that sends nothing and remembers everything. */
export interface Recorder extends Tracker {
  /** Everything that was tracked, pageviews included, in the order of the calls. */
  readonly events: readonly RecordedEvent[];
  /** The pageviews among them. */
  readonly pageviews: readonly RecordedEvent[];
  /** The updates of contacts, in the order of the calls. An update that changes nothing is left out. */
  readonly contacts: readonly TrackedEvent<'contact'>[];
  /** The updates of accounts, in the same way. */
  readonly accounts: readonly TrackedEvent<'account'>[];
  /** Forgets everything that was recorded. */
  clear(): void;
}

/**
 * Creates a tracker for tests: give it to your application in place of the real one, and look at what it recorded.
 *
 * An event is there as soon as the call has returned; an automatic pageview once the response has ended and
 * `identify` has returned, for which `await recorder.flush()` waits.
 *
 * @param options - those of a tracker; unless they say otherwise, an invalid event throws at the call
 */
export function createRecorder(options: TrackerOptions = {}): Recorder {
  const events: RecordedEvent[] = [];
  const pageviews: RecordedEvent[] = [];
  const contacts: TrackedEvent<'contact'>[] = [];
  const accounts: TrackedEvent<'account'>[] = [];
  const digests = new Map<number, number>();
  const queue = Object.assign(memoryQueue(), { digests });
  const push = queue.push.bind(queue);
  queue.push = (queued: QueuedEvent): readonly QueuedEvent[] => {
    const event = readQueuedEvent(queued);
    if (event.kind === 'contact') contacts.push(event);
    else if (event.kind === 'account') accounts.push(event);
    else events.push(event);
    if (event.kind === 'pageview') pageviews.push(event);
    return push(queued);
  };
  const tracker = createTracker({
    strict: true,
    flushOnExit: false,
    ...options,
    queue,
    transport: { send: async () => ({ status: 'delivered' }) },
  });
  return Object.assign(tracker, {
    events,
    pageviews,
    contacts,
    accounts,
    clear(): void {
      for (const list of [events, pageviews, contacts, accounts]) list.length = 0;
      digests.clear();
    },
  });
}
