export type { Identified } from './adapter/identity.js';
export type { Ignore, Page, TrackingOptions } from './adapter/options.js';
export type {
  Contact,
  RequestEventDetails,
  RequestPageviewDetails,
  RequestTrack,
} from './adapter/request-track.js';
export type { RetryOptions } from './backoff.js';
export { defineEvents, type EventCatalogue, type EventDefinition } from './catalogue.js';
export type { DeliveredMessage, DroppedMessage, RequestMessage } from './channels.js';
export { describeEvents, type EventDescription } from './describe-events.js';
export type { DevReport, DropReport, NoticeReport, SkipReport, WarningCode } from './dev-reports.js';
export { type Digests, RecentDigests } from './digest.js';
export { type DropReason, TrackingError, type TrackingErrorCode } from './errors.js';
export type { DroppedEvent, EventDetails, EventInput, PageviewInput, TrackedEvent } from './event.js';
export { type HttpTransportOptions, httpTransport } from './http-transport.js';
export type { Json, JsonObject } from './json.js';
export type { FlushResult } from './ledger.js';
export { type MemoryQueueOptions, memoryQueue } from './memory-queue.js';
export type { TrackerOptions } from './options.js';
export { type EventKind, eventKinds, type Queue, type QueuedEvent, type QueueHost } from './queue.js';
export type { RateLimit } from './rate-limit.js';
export type { DetailsOf, EventParams, EventUid, OptionalArgument, Register } from './registered.js';
export type { Logger } from './reporter.js';
export type { BatchOptions } from './sender.js';
export type { JsonSchemaSource, SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.js';
export type { SkipReason, TrackerStats } from './stats.js';
export { createTracker, type FlushOptions, type Tracker } from './tracker.js';
export type { SendOptions, SendResult, Transport } from './transport.js';
export type { Uid } from './uid.js';
export type { AccountParams, ContactParams } from './update.js';
export { readQueuedEvent } from './wire.js';
