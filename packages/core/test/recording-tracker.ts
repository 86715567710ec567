import { onTestFinished, vi } from 'vitest';
import {
  createTracker,
  type SendResult,
  type TrackedEvent,
  type Tracker,
  type TrackerOptions,
} from '../src/index.js';
import { type QueuedEvent, readQueuedEvent } from '../src/queue.js';
import { delivered, stubTransport } from './stub-transport.js';

/** A tracker that is closed at the end of the test. */
export function connect(options: TrackerOptions): Tracker {
  const tracker = createTracker({ flushOnExit: false, onError() {}, onDrop() {}, ...options });
  onTestFinished(() => void tracker.close({ timeoutMs: 0 }));
  return tracker;
}

interface Recording {
  readonly tracker: Tracker;
  readonly onDrop: ReturnType<typeof vi.fn>;
  /** What the transport was given. */
  readonly queued: readonly QueuedEvent[];
  /** The same, read back. */
  readonly sent: readonly TrackedEvent[];
  /** Flushes, and returns the bodies of all that was sent. */
  bodies(): Promise<Record<string, unknown>[]>;
}

/** A tracker whose transport records what it is given, and resolves with what `answer` returns. */
export function setUp(
  options: TrackerOptions = {},
  answer: (events: readonly QueuedEvent[]) => SendResult | Promise<SendResult> = () => delivered,
): Recording {
  const queued: QueuedEvent[] = [];
  const sent: TrackedEvent[] = [];
  const onDrop = vi.fn();
  const { transport } = stubTransport((events) => {
    queued.push(...events);
    sent.push(...events.map(readQueuedEvent));
    return answer(events);
  });
  const tracker = connect({ transport, onDrop, ...options });
  const bodies = async (): Promise<Record<string, unknown>[]> => {
    await tracker.flush();
    return queued.map(({ body }) => JSON.parse(body));
  };
  return { tracker, onDrop, queued, sent, bodies };
}
