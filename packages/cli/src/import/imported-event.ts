import type { EventInput, Tracker } from '@successeve/core';
import { BadLine } from './bad-line.js';
import { parseTime } from './parse-time.js';
import type { ToldFields } from './told-fields.js';

const pageview = 'pageview';

/**
 * Tracks what a line tells.
 *
 * @param tracker - a strict one: whether an event is valid is for it to say
 * @returns when it happened, where the line tells it.
 * @throws BadLine
 */
export function trackLine(tracker: Tracker, told: ToldFields, now: number): Date | undefined {
  const kind = kindOf(told);
  const occurredAt = timeOf(told, now);
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
  try {
    if (kind === pageview) tracker.pageview({ ...input, visitUrl });
    else tracker.event(told.get('eventUid') as string, { ...input, params });
  } catch (error) {
    throw new BadLine(told.inWordsOfFile((error as Error).message));
  }
  return occurredAt;
}

/** Both the wire's `method` and the library's `kind` tell what a line is. */
function kindOf(told: ToldFields): 'event' | 'pageview' {
  oneOf(told, 'method', ['event']);
  const eventUid = told.get('eventUid');
  const kind = oneOf(told, 'kind', ['event', pageview]) ?? (eventUid === pageview ? pageview : 'event');
  if (kind === pageview && eventUid !== undefined && eventUid !== pageview) {
    throw new BadLine(`${told.nameOf('eventUid')}: expected pageview, as the kind says, got another`);
  }
  return kind;
}

function oneOf<const Value extends string>(
  told: ToldFields,
  name: 'method' | 'kind',
  allowed: readonly Value[],
): Value | undefined {
  const value = told.get(name) as Value | undefined;
  if (value === undefined || allowed.includes(value)) return value;
  const isKnown = value === 'contact' || value === 'account';
  const got = isKnown ? `${value}: contacts and accounts cannot be imported yet` : 'another';
  throw new BadLine(`${told.nameOf(name)}: expected ${allowed.join(' or ')}, got ${got}`);
}

function timeOf(told: ToldFields, now: number): Date | undefined {
  const value = told.get('occurredAt');
  if (value === undefined) return undefined;
  try {
    return parseTime(value, now);
  } catch (error) {
    throw new BadLine(`${told.nameOf('occurredAt')}: ${(error as Error).message}`);
  }
}

/** An id that is a large number may have been another one before JSON was read. */
function uidOf(told: ToldFields, name: 'contactUid' | 'accountUid'): unknown {
  const uid = told.get(name);
  if (!Number.isInteger(uid) || Number.isSafeInteger(uid)) return uid;
  throw new BadLine(
    `${told.nameOf(name)}: expected text, or a number up to ${Number.MAX_SAFE_INTEGER}, got a larger one, which JSON does not read exactly`,
  );
}
