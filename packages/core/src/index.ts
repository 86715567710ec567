export type { BrowserOptions } from './adapter/browser/options.js';
export type { Identified } from './adapter/identity.js';
export type { Page, TrackingOptions } from './adapter/options.js';
export type { RequestEventDetails, RequestPageviewDetails, RequestTrack } from './adapter/request-track.js';
export type { Ignore } from './adapter/rules/request-patterns.js';
export { defineEvents, type EventCatalogue, type EventDefinition } from './catalogue/catalogue.js';
export { describeEvents, type EventDescription } from './catalogue/describe-events.js';
export type { DetailsOf, EventParams, EventUid, OptionalArgument, Register } from './catalogue/registered.js';
export type {
  JsonSchemaSource,
  SchemaIssue,
  SchemaResult,
  StandardSchema,
} from './catalogue/standard-schema.js';
export type { RetryOptions } from './delivery/backoff.js';
export type { FlushResult } from './delivery/ledger.js';
export { TrackingError, type TrackingErrorCode } from './errors.js';
export type { Contact } from './event/contact.js';
export type { DroppedEvent, EventDetails, EventInput, PageviewInput, TrackedEvent } from './event/event.js';
export type { Json, JsonObject } from './event/json.js';
export type { Uid } from './event/uid.js';
export type { AccountParams, ContactParams } from './event/update.js';
export { type MemoryQueueOptions, memoryQueue } from './queue/memory-queue.js';
export type { Queue } from './queue/queue.js';
export type { DropReason, SkipReason } from './reasons.js';
export type { DeliveredMessage, DroppedMessage, RequestMessage } from './reporting/channels.js';
export type { Logger } from './reporting/reporter.js';
export type { FlushOptions } from './tracker/closing.js';
export type { TrackerOptions } from './tracker/options.js';
export type { TrackerStats } from './tracker/stats.js';
export { createTracker, type Tracker } from './tracker/tracker.js';
export { type HttpTransportOptions, httpTransport } from './transport/http-transport.js';
export type { RateLimit } from './transport/rate-limit.js';
export type { BatchOptions, SendOptions, SendResult, Transport } from './transport/transport.js';
