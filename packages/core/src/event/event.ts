import { describe } from '../errors.js';
import type { EventKind } from '../queue/queue.js';
import { isDate } from '../runtime/realms.js';
import type { Contact } from './contact.js';
import { findParamsProblem, type JsonObject, resolveToJSON } from './json.js';
import { isSnakeCase } from './snake-case.js';
import { findUidProblem, readAccountUid, readUid, type Uid } from './uid.js';
import {
  findUpdateProblem,
  isUpdate,
  type TrackedAccount,
  type TrackedContact,
  withAccount,
} from './update.js';

/** The name that makes an event a pageview, from the API contract. */
export const pageviewUid = 'pageview';

/** The details of an event, apart from its name and its contact. */
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

/** What contacts do, as opposed to what is known about them. */
export type ActionKind = 'event' | 'pageview';

interface TrackedAction<Kind> {
  readonly kind: Kind;
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

/** What was accepted, by the names of this library; `TrackedEvent<'contact'>` is one of the kinds. */
export type TrackedEvent<Kind extends EventKind = EventKind> = Kind extends 'account'
  ? TrackedAccount
  : Kind extends 'contact'
    ? TrackedContact
    : TrackedAction<Kind>;

/** What `onDrop` is given: what was accepted, or the parts of what is invalid that could be read. */
export type DroppedEvent<Kind extends EventKind = EventKind> = Kind extends unknown
  ? Partial<TrackedEvent<Kind>> & { readonly kind: Kind }
  : never;

/** Reads what was passed. Invalid members are kept as they are, for {@link findProblem}. */
export function readEvent(kind: ActionKind, eventUid: unknown, input: object): TrackedEvent<ActionKind> {
  const { contactUid, accountUid, displayName, visitUrl, params, occurredAt } =
    input as Partial<PageviewInput>;
  return {
    kind,
    eventUid: eventUid as string,
    contactUid: readUid(contactUid) as string,
    accountUid: readAccountUid(accountUid),
    displayName: displayName ?? undefined,
    visitUrl: readUrl(visitUrl) as string | undefined,
    params: resolveToJSON(params ?? undefined) as JsonObject | undefined,
    occurredAt: readTime(occurredAt ?? undefined),
  };
}

/** The pageview of a request, which has nothing but its URL and its time, until it is assigned to a contact. */
export function pageviewOf(visitUrl: string, occurredAt: number): TrackedEvent<'pageview'> {
  return {
    kind: 'pageview',
    eventUid: pageviewUid,
    contactUid: '',
    accountUid: undefined,
    displayName: undefined,
    visitUrl,
    params: undefined,
    occurredAt: new Date(occurredAt),
  };
}

function readTime(time: unknown): Date {
  if (time === undefined) return new Date();
  const isReadable = isDate(time) || typeof time === 'number' || typeof time === 'string';
  return new Date(isReadable ? time : Number.NaN);
}

function readUrl(url: unknown): unknown {
  return url instanceof URL ? url.href : url;
}

/** Assigns an event that was read without one to its contact. An account named with the event wins over the contact's. */
export function assignContact(event: TrackedEvent, contact: Contact): TrackedEvent {
  const contactUid = readUid(contact.contactUid) as string;
  const accountUid = readAccountUid(contact.accountUid);
  const assigned = event as Assignable;
  if (event.kind !== 'account') assigned.contactUid = contactUid;
  if (event.kind === 'contact') assigned.params = withAccount(event.params, accountUid);
  else assigned.accountUid ??= accountUid;
  return event;
}

interface Assignable {
  contactUid?: string;
  accountUid?: string | undefined;
  params?: JsonObject;
}

/** Returns what was expected and what came instead, or `undefined` where the event is valid. */
export function findProblem(event: TrackedEvent): string | undefined {
  return findNameProblem(event) ?? findContactProblem(event) ?? findDetailsProblem(event);
}

/** The same for an event that has no contact yet. */
export function findDraftProblem(event: TrackedEvent): string | undefined {
  const accountProblem = isUpdate(event) ? undefined : findActionAccountProblem(event);
  return findNameProblem(event) ?? accountProblem ?? findDetailsProblem(event);
}

/** The same for the contact of an event whose other members are valid. */
export function findContactProblem(event: TrackedEvent): string | undefined {
  switch (event.kind) {
    case 'account':
      return findUidProblem('accountUid', event.accountUid);
    case 'contact':
      return (
        findUidProblem('contactUid', event.contactUid) ??
        findAccountProblem('params.accountUid: expected a string', event.params?.accountUid)
      );
    default:
      return findUidProblem('contactUid', event.contactUid) ?? findActionAccountProblem(event);
  }
}

function findActionAccountProblem({ accountUid }: TrackedEvent<ActionKind>): string | undefined {
  return findAccountProblem('accountUid: expected a string, a finite number or a bigint', accountUid);
}

function findAccountProblem(expected: string, accountUid: unknown): string | undefined {
  if (accountUid === undefined || accountUid === null || typeof accountUid === 'string') return undefined;
  return `${expected}, got ${describe(accountUid)}`;
}

function findNameProblem(event: TrackedEvent): string | undefined {
  if (Number.isNaN(event.occurredAt.getTime())) {
    return 'occurredAt: expected a Date, epoch milliseconds or an ISO 8601 string, got an invalid date';
  }
  if (isUpdate(event)) return undefined;
  const { kind, eventUid } = event;
  if (typeof eventUid !== 'string') {
    return `eventUid: expected a snake_case name, got ${describe(eventUid)}`;
  }
  if (!isSnakeCase(eventUid)) {
    return `eventUid: expected a snake_case name such as user_registration, got ${JSON.stringify(eventUid.slice(0, 60))}`;
  }
  if (kind === 'event' && eventUid === pageviewUid) {
    return 'eventUid: expected the name of an event, got "pageview", which is recorded with pageview({ visitUrl })';
  }
  return undefined;
}

function findDetailsProblem(event: TrackedEvent): string | undefined {
  if (isUpdate(event)) return findUpdateProblem(event);
  const { kind, displayName, visitUrl, params } = event;
  if (displayName !== undefined && typeof displayName !== 'string') {
    return `displayName: expected a string, got ${describe(displayName)}`;
  }
  if (kind === 'pageview' && !isHttpUrl(visitUrl)) {
    return `visitUrl: expected an absolute http(s) URL, got ${describe(visitUrl)}`;
  }
  return params === undefined ? undefined : findParamsProblem(params);
}

/** The origin of the last valid URL, with a slash: a site has few, and after the slash everything is valid. */
let lastOrigin: string | undefined;

function isHttpUrl(url: unknown): boolean {
  if (typeof url !== 'string') return false;
  if (lastOrigin && url.startsWith(lastOrigin)) return true;
  if (!/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url)) return false;
  lastOrigin = /^[^/]+\/\/[^/?#\\]+\//.exec(url)?.[0];
  return true;
}
