import {
  createTracker,
  memoryQueue,
  type QueuedEvent,
  readQueuedEvent,
  type TrackedEvent,
  type Tracker,
  type TrackerOptions,
} from '@successeve/core';

/** A tracker that sends nothing and remembers everything. */
export interface Recorder extends Tracker {
  /** Everything that was tracked, pageviews included, in the order of the calls. */
  readonly events: readonly TrackedEvent[];
  /** The pageviews among them. */
  readonly pageviews: readonly TrackedEvent[];
  /** Forgets what was tracked so far. */
  clear(): void;
}

/**
 * Creates a tracker for tests: give it to your application in place of the real one, and look at what it recorded.
 *
 * An event is there as soon as the call has returned; an automatic pageview once the response has ended and
 * `identify` has answered, for which `await recorder.flush()` waits.
 *
 * @param options - those of a tracker; unless they say otherwise, an invalid event throws at the call
 */
export function createRecorder(options: TrackerOptions = {}): Recorder {
  const events: TrackedEvent[] = [];
  const pageviews: TrackedEvent[] = [];
  const queue = memoryQueue();
  const push = queue.push.bind(queue);
  queue.push = (queued: QueuedEvent): readonly QueuedEvent[] => {
    const event = readQueuedEvent(queued);
    events.push(event);
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
    clear(): void {
      events.length = 0;
      pageviews.length = 0;
    },
  });
}
