import type { TrackedEvent } from './event.js';
import type { JsonObject } from './json.js';
import type { QueuedEvent } from './queue.js';

/** Paths below `apiUrl`. The first is the API contract's; the second is known from the vendor's own clients. */
export const eventPath = '/v1/track/event';
export const batchPath = '/v1/batch';

/** The name that makes an event a pageview, from the API contract. */
export const pageviewUid = 'pageview';

/** When a single event carries `created_at`: once it is late, always, or never. */
export type CreatedAt = 'late' | boolean;

/** How late a single event may be sent without `created_at`, so that a queue never falsifies time. Our choice. */
const lateAfterMs = 60_000;

interface WireEvent {
  contact_uid: string;
  event_uid: string;
  params?: JsonObject | undefined;
}

/** Serialises an event into the contract's body. This is the only time it is serialised. */
export function toWire(event: TrackedEvent): string {
  const wire: WireEvent = {
    contact_uid: event.contactUid,
    event_uid: event.eventUid,
    params: wireParams(event),
  };
  return JSON.stringify(wire);
}

/** The customer's own attributes and our named fields, which win. What is undefined is left out by JSON. */
function wireParams({
  params: own,
  accountUid,
  displayName,
  visitUrl,
}: TrackedEvent): JsonObject | undefined {
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

/** Reads a queued event back, for a queue or a transport of your own, and for those who ask what was delivered. */
export function readQueuedEvent({ body, kind, occurredAt }: QueuedEvent): TrackedEvent {
  const { contact_uid, event_uid, params: wireParams = {} } = JSON.parse(body) as WireEvent;
  const { account_uid, display_name, visit_url, ...own } = wireParams as Record<string, string | undefined>;
  return {
    kind,
    contactUid: contact_uid,
    eventUid: event_uid,
    accountUid: account_uid,
    displayName: display_name,
    ...(kind === 'pageview' && { visitUrl: visit_url }),
    ...(Object.keys(own).length > 0 && { params: own }),
    occurredAt: new Date(occurredAt),
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
    body += `{"method":"event",${event.body.slice(1, -1)},${createdAtMember(event)}}`;
  }
  return `${body}]`;
}

function createdAtMember({ occurredAt }: QueuedEvent): string {
  return `"created_at":"${new Date(occurredAt).toISOString()}"`;
}
