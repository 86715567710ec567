import type { AccountParams, EventInput, Tracker, Uid } from '@successeve/core';
import type { EventKind } from '@successeve/core/queue';
import { BadLine } from '../read/line.js';
import type { EventFields } from './event-fields.js';
import type { Field } from './field.js';
import { parseTime } from './parse-time.js';

const pageview = 'pageview';

/** The event of a line. */
export interface ImportedEvent {
  /** Undefined where the line has no time. */
  readonly occurredAt: Date | undefined;
  /** Whether it gets the time at which it is sent. Updates of contacts and accounts have no time. */
  readonly isUndated: boolean;
  /**
   * @param tracker - a strict one: it validates the event
   * @throws BadLine
   */
  track(tracker: Tracker): void;
}

/** @throws BadLine for an invalid time or kind */
export function importedEvent(fields: EventFields, now: number): ImportedEvent {
  const occurredAt = timeOf(fields, now);
  const kind = kindOf(fields);
  return {
    occurredAt,
    isUndated: occurredAt === undefined && (kind === 'event' || kind === pageview),
    track(tracker) {
      try {
        if (kind === 'contact')
          tracker.contact(uidOf(fields, 'contact_uid'), attributesOf(fields, 'account_uid'));
        else if (kind === 'account') tracker.account(uidOf(fields, 'account_uid'), attributesOf(fields));
        else trackAction(tracker, kind, fields, occurredAt);
      } catch (error) {
        if (error instanceof BadLine) throw error;
        throw new BadLine(fields.inWordsOfFile((error as Error).message));
      }
    },
  };
}

function timeOf(fields: EventFields, now: number): Date | undefined {
  const value = fields.get('created_at');
  if (value === undefined) return undefined;
  try {
    return parseTime(value, now);
  } catch (error) {
    throw new BadLine(`${fields.nameOf('created_at')}: ${(error as Error).message}`);
  }
}

function trackAction(
  tracker: Tracker,
  kind: 'event' | 'pageview',
  fields: EventFields,
  occurredAt: Date | undefined,
): void {
  const visitUrl = fields.get('visit_url') as string;
  // The tracker validates them.
  const input = {
    contactUid: uidOf(fields, 'contact_uid'),
    accountUid: uidOf(fields, 'account_uid'),
    displayName: fields.get('display_name'),
    params: fields.attributes,
    occurredAt,
  } as EventInput;
  // A URL is an attribute of an explicit event like any other.
  const params = visitUrl === undefined ? input.params : { ...input.params, visit_url: visitUrl };
  if (kind === pageview) tracker.pageview({ ...input, visitUrl });
  else tracker.event(fields.get('event_uid') as string, { ...input, params });
}

/** The attributes of a contact or an account: fields that only events have are attributes here. */
function attributesOf(fields: EventFields, account?: 'account_uid'): AccountParams {
  return {
    ...fields.attributes,
    display_name: fields.get('display_name'),
    visit_url: fields.get('visit_url'),
    ...(account && { accountUid: uidOf(fields, account) ?? fields.attributes?.accountUid }),
  };
}

/** The kind of a line, from the wire's `method` or the library's `kind`. */
function kindOf(fields: EventFields): EventKind {
  const method = oneOf(fields, 'method', ['event', 'contact', 'account']);
  const named = oneOf(fields, 'kind', ['event', pageview, 'contact', 'account']);
  const byMethod = method === 'event' ? undefined : method;
  if (method !== undefined && named !== undefined && method !== (named === pageview ? 'event' : named)) {
    throw new BadLine(`${fields.nameOf('kind')}: expected ${method}, as the method says, got ${named}`);
  }
  const eventUid = fields.get('event_uid');
  const kind = named ?? byMethod ?? (eventUid === pageview ? pageview : 'event');
  if (kind === 'contact' || kind === 'account') expectNone(fields, kind, 'event_uid');
  if (kind === 'account') expectNone(fields, kind, 'contact_uid');
  if (kind === pageview && eventUid !== undefined && eventUid !== pageview) {
    throw new BadLine(`${fields.nameOf('event_uid')}: expected pageview, as the kind says, got another`);
  }
  return kind;
}

function expectNone(fields: EventFields, kind: EventKind, name: Field): void {
  if (fields.get(name) === undefined) return;
  throw new BadLine(
    `${fields.nameOf(name)}: expected none, since the line is about ${kind === 'account' ? 'an account' : 'a contact'}, got one`,
  );
}

function oneOf<const Value extends string>(
  fields: EventFields,
  name: 'method' | 'kind',
  allowed: readonly Value[],
): Value | undefined {
  const value = fields.get(name) as Value | undefined;
  if (value === undefined || allowed.includes(value)) return value;
  throw new BadLine(`${fields.nameOf(name)}: expected ${allowed.join(' or ')}, got another`);
}

/** JSON does not read large numbers exactly: such an id may have become another one. */
function uidOf(fields: EventFields, name: 'contact_uid' | 'account_uid'): Uid {
  const uid = fields.get(name) as Uid;
  if (!Number.isInteger(uid) || Number.isSafeInteger(uid)) return uid;
  throw new BadLine(
    `${fields.nameOf(name)}: expected text, or a number up to ${Number.MAX_SAFE_INTEGER}, got a larger one, which JSON does not read exactly`,
  );
}
