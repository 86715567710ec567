import { wireKind } from '../event/wire.js';
import type { QueuedEvent } from '../queue/queue.js';
import type { SendResult } from '../transport/transport.js';
import { publish } from './channels.js';
import type { Reporter } from './reporter.js';

/** Reports a request to the API on its diagnostics channel, and in the log where `debug` is on. */
export function reportRequest(
  reporter: Reporter,
  events: readonly QueuedEvent[],
  result: SendResult,
  durationMs: number,
): void {
  const error = 'error' in result ? result.error : undefined;
  publish('request', () => ({
    result: result.status,
    httpStatus: error?.status,
    events: events.length,
    durationMs,
    rateLimit: result.rateLimit,
  }));
  reporter.debug(() => {
    const why = error ? ` (${error.message})` : '';
    return `sent ${inWords(events)} in ${durationMs} ms: ${result.status}${why}`;
  });
}

/** Such as `1 contact, 3 events`. */
function inWords(events: readonly QueuedEvent[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of events) counts.set(wireKind(kind), (counts.get(wireKind(kind)) ?? 0) + 1);
  return [...counts].map(([noun, count]) => `${count} ${noun}${count === 1 ? '' : 's'}`).join(', ');
}
