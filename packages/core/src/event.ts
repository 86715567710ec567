import type { Contact } from './adapter/request-track.js';
import { describe } from './errors.js';
import { findNonJson, type JsonObject } from './json.js';
import { pageviewUid } from './wire.js';

/** An id in your application, such as a database id or an e-mail address. Numbers are sent as strings. */
export type Uid = string | number | bigint;

/** What an event may say beside its name and its contact. */
export interface EventDetails {
  /** The account the contact belongs to; none if `null`, `undefined` or empty. */
  accountUid?: Uid | null | undefined;
  /** A name for people to read, such as `Registration`. */
  displayName?: string | null | undefined;
  /** Attributes of your own: anything JSON can carry. The named fields win over attributes of the same name. */
  params?: Readonly<Record<string, unknown>> | null | undefined;
  /**
   * When it happened: a `Date`, epoch milliseconds or an ISO 8601 string.
   * @defaultValue now
   */
  occurredAt?: Date | number | string | undefined;
}

export interface EventInput extends EventDetails {
  /** Who did it: the contact's id in your application. Required by the API contract. */
  contactUid: Uid;
}

export interface PageviewInput extends EventInput {
  /** The absolute http(s) URL that was visited. */
  visitUrl: string | URL;
}

/** An event as it was accepted, in the words of this library. */
export interface TrackedEvent {
  readonly kind: 'event' | 'pageview';
  /** The event's name; `pageview` for a pageview. */
  readonly eventUid: string;
  readonly contactUid: string;
  readonly accountUid?: string | undefined;
  readonly displayName?: string | undefined;
  /** Pageviews only. */
  readonly visitUrl?: string | undefined;
  readonly params?: JsonObject | undefined;
  readonly occurredAt: Date;
}

/** What `onDrop` is given: an accepted event, or the parts of an invalid one that could be read. */
export type DroppedEvent = Partial<TrackedEvent> & Pick<TrackedEvent, 'kind'>;

const snakeCase = /^[a-z0-9]+(?:_[a-z0-9]+)*$/;

/** Whether a text is a name for an event, by the API contract. */
export function isSnakeCase(text: string): boolean {
  return snakeCase.test(text);
}

/** Reads what the customer passed. Nothing is lost here: what is wrong is left for {@link findProblem}. */
export function readEvent(
  kind: TrackedEvent['kind'],
  eventUid: unknown,
  input: EventInput | PageviewInput,
): TrackedEvent {
  const { contactUid, accountUid, displayName, params, occurredAt } = input;
  return {
    kind,
    eventUid: eventUid as string,
    contactUid: readUid(contactUid) as string,
    accountUid: readAccountUid(accountUid),
    displayName: displayName ?? undefined,
    visitUrl: 'visitUrl' in input ? readUrl(input.visitUrl) : undefined,
    params: (params ?? undefined) as JsonObject | undefined,
    occurredAt: occurredAt === undefined ? new Date() : new Date(occurredAt),
  };
}

function readAccountUid(uid: unknown): string | undefined {
  return uid === null || uid === '' ? undefined : (readUid(uid) as string);
}

function readUid(uid: unknown): unknown {
  return Number.isFinite(uid) || typeof uid === 'bigint' ? String(uid) : uid;
}

function readUrl(url: unknown): string {
  return url instanceof URL ? url.href : (url as string);
}

/** An event that was read before its contact was known; an account of its own wins over the contact's. */
export function assignContact(event: TrackedEvent, { contactUid, accountUid }: Contact): TrackedEvent {
  return {
    ...event,
    contactUid: readUid(contactUid) as string,
    accountUid: event.accountUid ?? readAccountUid(accountUid),
  };
}

/** Says what was expected and what came instead, or nothing where the event is valid. */
export function findProblem(event: TrackedEvent): string | undefined {
  const { kind, eventUid, contactUid, accountUid, displayName, visitUrl, params, occurredAt } = event;
  if (typeof eventUid !== 'string') {
    return `eventUid: expected a snake_case name, got ${describe(eventUid)}`;
  }
  if (!isSnakeCase(eventUid)) {
    return `eventUid: expected a snake_case name such as user_registration, got ${JSON.stringify(eventUid.slice(0, 60))}`;
  }
  if (kind === 'event' && eventUid === pageviewUid) {
    return 'eventUid: expected the name of an event, got "pageview", which is recorded with pageview({ visitUrl })';
  }
  if (typeof contactUid !== 'string' || contactUid.trim() === '') {
    return `contactUid: expected a non-empty string, a finite number or a bigint, got ${describe(contactUid)}`;
  }
  if (accountUid !== undefined && typeof accountUid !== 'string') {
    return `accountUid: expected a string, a finite number or a bigint, got ${describe(accountUid)}`;
  }
  if (displayName !== undefined && typeof displayName !== 'string') {
    return `displayName: expected a string, got ${describe(displayName)}`;
  }
  if (kind === 'pageview' && !isHttpUrl(visitUrl)) {
    return `visitUrl: expected an absolute http(s) URL, got ${describe(visitUrl)}`;
  }
  if (Number.isNaN(occurredAt.getTime())) {
    return 'occurredAt: expected a Date, epoch milliseconds or an ISO 8601 string, got what is no date';
  }
  if (params === undefined) return undefined;
  if (typeof params !== 'object' || Array.isArray(params)) {
    return `params: expected an object, got ${describe(params)}`;
  }
  return findNonJson(params, 'params');
}

function isHttpUrl(url: unknown): boolean {
  return typeof url === 'string' && /^https?:\/\/[^/]/i.test(url) && URL.canParse(url);
}
