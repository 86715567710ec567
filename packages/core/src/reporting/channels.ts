import type * as DiagnosticsChannel from 'node:diagnostics_channel';
import type { TrackingError } from '../errors.js';
import type { DroppedEvent, TrackedEvent } from '../event/event.js';
import type { DropReason } from '../reasons.js';
import { nodeProcess } from '../runtime/node-process.js';
import type { RateLimit } from '../transport/rate-limit.js';
import type { SendResult } from '../transport/transport.js';

/** What is published on the diagnostics channel `successeve:delivered`. */
export interface DeliveredMessage {
  readonly events: readonly TrackedEvent[];
}

/** What is published on the diagnostics channel `successeve:dropped`. */
export interface DroppedMessage {
  readonly event: DroppedEvent;
  readonly reason: DropReason;
  readonly error: TrackingError;
}

/** What is published on the diagnostics channel `successeve:request`, for each request to the API. */
export interface RequestMessage {
  readonly result: SendResult['status'];
  /** The HTTP status, unless it was 2xx. */
  readonly httpStatus?: number | undefined;
  /** How many events it carried. */
  readonly events: number;
  readonly durationMs: number;
  readonly rateLimit?: RateLimit | undefined;
}

interface Messages {
  delivered: DeliveredMessage;
  dropped: DroppedMessage;
  request: RequestMessage;
}

// Asked of the process rather than imported, so that this module loads where there is only `fetch`.
const diagnostics: typeof DiagnosticsChannel | undefined =
  nodeProcess?.getBuiltinModule?.('node:diagnostics_channel');

const channels = {
  delivered: diagnostics?.channel('successeve:delivered'),
  dropped: diagnostics?.channel('successeve:dropped'),
  request: diagnostics?.channel('successeve:request'),
};

/** Publishes a message that is only made if the channel has subscribers. */
export function publish<Name extends keyof Messages>(name: Name, message: () => Messages[Name]): void {
  const channel = channels[name];
  if (channel?.hasSubscribers) channel.publish(message());
}
