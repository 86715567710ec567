import { type EventKind, eventKinds } from '@successeve/core/queue';
import type { Job, JobsOptions } from 'bullmq';

/**
 * What is in Redis: a job of BullMQ is what one tracker handed over at once, 1 to 100 events of one kind, which is the
 * job's name.
 *
 * Applications and relays of different versions share it. A new version may add fields, which older relays leave alone;
 * for what they cannot deliver there is a new name, or a higher `v`: they put such a job back for newer ones.
 */
export interface HandOver {
  readonly v: 1;
  readonly events: readonly StoredEvent[];
  /** In a job of one event, why the API refused it. */
  readonly refusal?: Refusal;
}

export interface StoredEvent {
  /** The contract's JSON body, as it will be sent. */
  readonly body: string;
  /** When it happened, in epoch milliseconds. */
  readonly occurredAt: number;
}

export interface Refusal {
  readonly reason: string;
  /** The HTTP status, and the first 300 characters of the answer. */
  readonly status: number | undefined;
  readonly body: string | undefined;
  /** In epoch milliseconds. */
  readonly refusedAt: number;
}

/** What a relay notes of a job that it has delivered in part: the places of the events that are still to go. */
export interface Progress {
  readonly open: readonly number[];
}

export type Kind = EventKind;
/** In the order in which they go. */
export const kinds: readonly Kind[] = eventKinds;

/** A count for each kind. */
export function noneOfEachKind(): Record<Kind, number> {
  return Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
}

/** Most events in a job: the most that the API takes in a request. */
export const maxHandOverEvents = 100;

/** The queue of a kind. */
export function queueNameOf(queueName: string, kind: Kind): string {
  return kind === 'event' ? queueName : `${queueName}-${kind}s`;
}

/** What is kept of a finished job: nothing, or, where the API refused it, the newest ten thousand. */
export const jobOptions: JobsOptions = { removeOnComplete: true, removeOnFail: { count: 10_000 } };

/** How many entries BullMQ keeps of its stream of events, which nobody here reads. */
export const streams = { events: { maxLen: 1000 } };

/**
 * Whether nothing is left of a job but its id, which had been waiting: Redis throws away what it needs room for, or
 * somebody removed the rest. Every job has a name.
 */
export function isEmptied({ name }: Job): boolean {
  return name === undefined;
}

/** Reads a job; `undefined` for one that a newer version has put there. */
export function readHandOver({ name, data }: Job): (HandOver & { readonly kind: Kind }) | undefined {
  const kind = kinds.find((kind) => kind === name);
  const { v, events } = (data ?? {}) as Partial<HandOver>;
  return kind && v === 1 && Array.isArray(events) && events.every(isStoredEvent)
    ? { ...(data as HandOver), kind }
    : undefined;
}

function isStoredEvent(value: unknown): value is StoredEvent {
  const { body, occurredAt } = (value ?? {}) as Partial<StoredEvent>;
  return typeof body === 'string' && typeof occurredAt === 'number';
}
