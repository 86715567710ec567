import type { EventKind, QueuedEvent } from '../queue/queue.js';
import type { ActionKind, TrackedEvent } from './event.js';
import type { Json, JsonObject } from './json.js';
import { isUpdate, isUpdateKind, type UpdateKind } from './update.js';

/**
 * Paths below `apiUrl`. That of events is the API contract's; those of contacts and accounts are in the vendor's
 * reference, and that of batches is known from the vendor's own clients.
 */
export const paths: Readonly<Record<EventKind, string>> = {
  account: '/v1/account',
  contact: '/v1/contact',
  event: '/v1/track/event',
  pageview: '/v1/track/event',
};
export const batchPath = '/v1/batch';

/** What the API calls a kind: to it, a pageview is an event like any other. */
export function wireKind(kind: EventKind): string {
  return kind === 'pageview' ? 'event' : kind;
}

/** When a single event carries `created_at`: once it is late, always, or never. */
export type CreatedAt = 'late' | boolean;

/** How late a single event may be sent without `created_at`, so that a queue never falsifies time. Our choice. */
const lateAfterMs = 60_000;

/** The largest body of a single event, in bytes. Our choice: far above what an event needs, far below what APIs take. */
export const maxBodyBytes: number = 32 * 1024;

interface WireEvent {
  contact_uid: string;
  event_uid: string;
  params?: JsonObject | undefined;
}

/** One of the two ids. */
interface WireUpdate {
  contact_uid?: string | undefined;
  account_uid?: string | undefined;
  params: JsonObject;
}

/** Serialises an event into the API's body. This is the only time it is serialised. */
export function toWire(event: TrackedEvent): string {
  return JSON.stringify(isUpdate(event) ? wireUpdate(event) : wireEvent(event));
}

/** `beforeSend` may have added the other id. */
function wireUpdate(event: TrackedEvent<UpdateKind>): WireUpdate {
  const params = toWireAttributes(event);
  return event.kind === 'account'
    ? { account_uid: event.accountUid, params }
    : { contact_uid: event.contactUid, params };
}

function wireEvent(event: TrackedEvent<ActionKind>): WireEvent {
  return { contact_uid: event.contactUid, event_uid: event.eventUid, params: wireParams(event) };
}

/** The customer's own attributes and our named fields, which win. What is undefined is left out by JSON. */
function wireParams({
  params: own,
  accountUid,
  displayName,
  visitUrl,
}: TrackedEvent<ActionKind>): JsonObject | undefined {
  const hasNamed = accountUid !== undefined || displayName !== undefined || visitUrl !== undefined;
  if (!hasNamed) return own;
  const named = {
    account_uid: accountUid ?? own?.account_uid,
    display_name: displayName ?? own?.display_name,
    visit_url: visitUrl ?? own?.visit_url,
  };
  // Not a spread: adding to a spread object costs three times as much on Node 20.
  return own ? Object.assign({}, own, named) : named;
}

const churnNames = {
  churnDate: 'churn_date',
  churnMrr: 'churn_mrr',
  churnReason: 'churn_reason',
  churnComment: 'churn_comment',
};

/** The attributes of contacts and accounts that the API knows by another name than customers do. */
const attributeNames: Readonly<Record<UpdateKind, ReadonlyMap<string, string>>> = {
  account: new Map(Object.entries(churnNames)),
  contact: new Map(Object.entries({ ...churnNames, accountUid: 'account_uid' })),
};

/**
 * The attributes of a contact or an account by the API's names, sorted, so that equal updates are
 * equal texts. Of two with the same name ours comes later, and wins.
 */
function toWireAttributes({ kind, params }: TrackedEvent<UpdateKind>): JsonObject {
  const names = attributeNames[kind];
  const attributes: [name: string, value: Json | undefined][] = [];
  for (const name of Object.keys(params))
    if (!names.has(name)) attributes.push([name, inOrder(params[name])]);
  for (const [name, wireName] of names) {
    if (params[name] !== undefined) attributes.push([wireName, params[name]]);
  }
  return Object.fromEntries(attributes.sort(byName));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A value with the members of all its objects in one order. */
function inOrder(value: Json | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => inOrder(member) ?? null);
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  const members = Object.entries(value as JsonObject).map(
    ([name, member]) => [name, inOrder(member)] as const,
  );
  return Object.fromEntries(members.sort(byName));
}

function fromWireAttributes(kind: UpdateKind, attributes: JsonObject): JsonObject {
  const params: Record<string, Json | undefined> = { ...attributes };
  for (const [name, wireName] of attributeNames[kind]) {
    if (!(wireName in params)) continue;
    params[name] = params[wireName];
    delete params[wireName];
  }
  return params;
}

const encoder = new TextEncoder();

/** The size of a body in UTF-8. */
export function byteLength(body: string): number {
  return globalThis.Buffer ? globalThis.Buffer.byteLength(body) : encoder.encode(body).length;
}

/** Reads a queued event back, for a queue or a transport of your own, and for those who ask what was delivered. */
export function readQueuedEvent({ body, kind, occurredAt: at }: QueuedEvent): TrackedEvent {
  const occurredAt = new Date(at);
  if (isUpdateKind(kind)) {
    const { contact_uid = '', account_uid = '', params: attributes } = JSON.parse(body) as WireUpdate;
    const params = fromWireAttributes(kind, attributes);
    if (kind === 'account') return { kind, accountUid: account_uid, params, occurredAt };
    return { kind, contactUid: contact_uid, params, occurredAt };
  }
  const { contact_uid, event_uid, params: wireParams = {} } = JSON.parse(body) as WireEvent;
  const { account_uid, display_name, ...attributes } = wireParams as Record<string, string | undefined>;
  const { visit_url, ...others } = attributes;
  // To an event, a URL is an attribute like any other.
  const own = kind === 'pageview' ? others : attributes;
  return {
    kind,
    contactUid: contact_uid,
    eventUid: event_uid,
    accountUid: account_uid,
    displayName: display_name,
    ...(kind === 'pageview' && { visitUrl: visit_url }),
    ...(Object.keys(own).length > 0 && { params: own }),
    occurredAt,
  };
}

/** The body of a request for one event: exactly the contract's, with `created_at` only where it was asked for. */
export function singleBody(event: QueuedEvent, createdAt: CreatedAt, now: number): string {
  const withTime = createdAt === 'late' ? now - event.occurredAt > lateAfterMs : createdAt;
  return withTime ? `${event.body.slice(0, -1)},${createdAtMember(event)}}` : event.body;
}

/** The body of a request for many events. `method` and `created_at` are what the vendor's own clients send. */
export function batchBody(events: readonly QueuedEvent[]): string {
  let body = '[';
  for (const event of events) {
    if (body.length > 1) body += ',';
    body += `{"method":"${wireKind(event.kind)}",${event.body.slice(1, -1)},${createdAtMember(event)}}`;
  }
  return `${body}]`;
}

/**
 * The header that names, by their index in a request, the events that browsers reported. Only `successeve dev` gets it:
 * with the Tracking API no event is marked.
 */
export const reportedHeaderName = 'x-successeve-reported';

export function reportedHeader(events: readonly QueuedEvent[]): Readonly<Record<string, string>> | undefined {
  if (!events.some(({ isReported }) => isReported)) return undefined;
  const indices = events.flatMap(({ isReported }, index) => (isReported ? index : []));
  return { [reportedHeaderName]: indices.join() };
}

/** What was written last: many events of a batch happened in the same millisecond. */
let lastCreatedAt = { occurredAt: Number.NaN, member: '' };

function createdAtMember({ occurredAt }: QueuedEvent): string {
  if (occurredAt !== lastCreatedAt.occurredAt) {
    lastCreatedAt = { occurredAt, member: `"created_at":"${new Date(occurredAt).toISOString()}"` };
  }
  return lastCreatedAt.member;
}
