import { type EventKind, eventKinds } from '@successeve/core/queue';
import type { Job, JobsOptions } from 'bullmq';

/**
 * The data of a BullMQ job: what one tracker handed over at once, 1 to 100 events of one kind. The kind is the name of
 * the job.
 *
 * Applications and relays of different versions share jobs. A new version may add fields, which older relays ignore. A
 * job that they cannot deliver gets a new name or a higher `v`; older relays put it back for newer ones.
 */
export interface HandOver {
  readonly v: 1;
  readonly events: readonly StoredEvent[];
  /** In a job of one event: why the API rejected it. */
  readonly rejection?: Rejection;
}

export interface StoredEvent {
  /** The contract's JSON body, as it will be sent. */
  readonly body: string;
  /** When it happened, in epoch milliseconds. */
  readonly occurredAt: number;
}

export interface Rejection {
  readonly reason: string;
  /** The HTTP status, and the first 300 characters of the response. */
  readonly status: number | undefined;
  readonly body: string | undefined;
  /** In epoch milliseconds. */
  readonly rejectedAt: number;
}

/** The progress of a job that was delivered in part: the indexes of the events that are still to be sent. */
export interface Progress {
  readonly open: readonly number[];
}

/** Most events in a job: the most that the API accepts in a request. */
export const maxHandOverEvents = 100;

/** The name of the queue for a kind. */
export function queueNameOf(queueName: string, kind: EventKind): string {
  return kind === 'event' ? queueName : `${queueName}-${kind}s`;
}

/** Delivered jobs are removed. Of those that the API rejected, the newest ten thousand are kept. */
export const jobOptions: JobsOptions = { removeOnComplete: true, removeOnFail: { count: 10_000 } };

/** How many entries BullMQ keeps in its stream of events, which no part of this package reads. */
export const streams = { events: { maxLen: 1000 } };

/** Reads a job; `undefined` for one that a newer version has written. */
export function readHandOver({ name, data }: Job): (HandOver & { readonly kind: EventKind }) | undefined {
  const kind = eventKinds.find((kind) => kind === name);
  const { v, events } = (data ?? {}) as Partial<HandOver>;
  return kind && v === 1 && Array.isArray(events) && events.every(isStoredEvent)
    ? { ...(data as HandOver), kind }
    : undefined;
}

function isStoredEvent(value: unknown): value is StoredEvent {
  const { body, occurredAt } = (value ?? {}) as Partial<StoredEvent>;
  return typeof body === 'string' && typeof occurredAt === 'number';
}
