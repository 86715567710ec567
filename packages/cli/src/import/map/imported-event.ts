import type { AccountParams, EventInput, Tracker, Uid } from '@successeve/core';
import type { EventKind } from '@successeve/core/queue';
import { BadLine } from '../keep/bad-line.js';
import type { ToldFields } from './event-fields.js';
import type { FieldName } from './field.js';
import { parseTime } from './parse-time.js';

const pageview = 'pageview';

/**
 * Tracks what a line tells.
 *
 * @param tracker - a strict one: whether what it is told is valid is for it to say
 * @param occurredAt - from {@link timeOf}
 * @throws BadLine
 */
export function trackLine(tracker: Tracker, told: ToldFields, occurredAt: Date | undefined): void {
  const kind = kindOf(told);
  try {
    if (kind === 'contact') tracker.contact(uidOf(told, 'contactUid'), attributesOf(told, 'accountUid'));
    else if (kind === 'account') tracker.account(uidOf(told, 'accountUid'), attributesOf(told));
    else trackAction(tracker, kind, told, occurredAt);
  } catch (error) {
    if (error instanceof BadLine) throw error;
    throw new BadLine(told.inWordsOfFile((error as Error).message));
  }
}

/** When it happened, where the line tells it. */
export function timeOf(told: ToldFields, now: number): Date | undefined {
  const value = told.get('occurredAt');
  if (value === undefined) return undefined;
  try {
    return parseTime(value, now);
  } catch (error) {
    throw new BadLine(`${told.nameOf('occurredAt')}: ${(error as Error).message}`);
  }
}

/** Whether what a line tells counts as if it happened when it is sent. What it tells of a contact or account has no time. */
export function isUndated(told: ToldFields, occurredAt: Date | undefined): boolean {
  const kind = kindOf(told);
  return occurredAt === undefined && (kind === 'event' || kind === pageview);
}

function trackAction(
  tracker: Tracker,
  kind: 'event' | 'pageview',
  told: ToldFields,
  occurredAt: Date | undefined,
): void {
  const visitUrl = told.get('visitUrl') as string;
  // What is wrong with them is found by the tracker.
  const input = {
    contactUid: uidOf(told, 'contactUid'),
    accountUid: uidOf(told, 'accountUid'),
    displayName: told.get('displayName'),
    params: told.attributes,
    occurredAt,
  } as EventInput;
  // To an event, a URL is an attribute like any other.
  const params = visitUrl === undefined ? input.params : { ...input.params, visit_url: visitUrl };
  if (kind === pageview) tracker.pageview({ ...input, visitUrl });
  else tracker.event(told.get('eventUid') as string, { ...input, params });
}

/** The attributes of a contact or an account: what is a field of events is one like any other here. */
function attributesOf(told: ToldFields, account?: 'accountUid'): AccountParams {
  return {
    ...told.attributes,
    display_name: told.get('displayName'),
    visit_url: told.get('visitUrl'),
    ...(account && { accountUid: uidOf(told, account) ?? told.attributes?.accountUid }),
  };
}

/** Both the wire's `method` and the library's `kind` tell what a line is. */
function kindOf(told: ToldFields): EventKind {
  const method = oneOf(told, 'method', ['event', 'contact', 'account']);
  const said = oneOf(told, 'kind', ['event', pageview, 'contact', 'account']);
  const byMethod = method === 'event' ? undefined : method;
  if (method !== undefined && said !== undefined && method !== (said === pageview ? 'event' : said)) {
    throw new BadLine(`${told.nameOf('kind')}: expected ${method}, as the method says, got ${said}`);
  }
  const eventUid = told.get('eventUid');
  const kind = said ?? byMethod ?? (eventUid === pageview ? pageview : 'event');
  if (kind === 'contact' || kind === 'account') expectNone(told, kind, 'eventUid');
  if (kind === 'account') expectNone(told, kind, 'contactUid');
  if (kind === pageview && eventUid !== undefined && eventUid !== pageview) {
    throw new BadLine(`${told.nameOf('eventUid')}: expected pageview, as the kind says, got another`);
  }
  return kind;
}

function expectNone(told: ToldFields, kind: EventKind, name: FieldName): void {
  if (told.get(name) === undefined) return;
  throw new BadLine(
    `${told.nameOf(name)}: expected none, since the line is about ${kind === 'account' ? 'an account' : 'a contact'}, got one`,
  );
}

function oneOf<const Value extends string>(
  told: ToldFields,
  name: 'method' | 'kind',
  allowed: readonly Value[],
): Value | undefined {
  const value = told.get(name) as Value | undefined;
  if (value === undefined || allowed.includes(value)) return value;
  throw new BadLine(`${told.nameOf(name)}: expected ${allowed.join(' or ')}, got another`);
}

/** An id that is a large number may have been another one before JSON was read. */
function uidOf(told: ToldFields, name: 'contactUid' | 'accountUid'): Uid {
  const uid = told.get(name) as Uid;
  if (!Number.isInteger(uid) || Number.isSafeInteger(uid)) return uid;
  throw new BadLine(
    `${told.nameOf(name)}: expected text, or a number up to ${Number.MAX_SAFE_INTEGER}, got a larger one, which JSON does not read exactly`,
  );
}
