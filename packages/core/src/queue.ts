export { describe, invalidOption, wrongOption } from './errors.js';
export { readQueuedEvent } from './event/wire.js';
export type { Digests } from './queue/digests.js';
export { type EventKind, eventKinds, type Queue, type QueuedEvent, type QueueHost } from './queue/queue.js';
