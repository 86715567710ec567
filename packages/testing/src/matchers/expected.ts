import type { EventInput, EventUid } from '@successeve/core';
import { checkNames } from '../check-option.js';
import { describeValue } from '../describe-value.js';

/** The name of an event: one of the registered catalogue, or any in snake_case where there is none. */
export type EventName = EventUid;

/** What asymmetric matchers such as `expect.any(String)` and `expect.stringContaining('@')` return. */
export interface AsymmetricMatcher {
  asymmetricMatch(other: unknown): boolean;
}

/**
 * The details of an event, written as at the call that tracks it: `contactUid: 7` is the contact `'7'`. What is left
 * out may be anything, and so may what is left out of `params`; `undefined` stands for none.
 */
export type ExpectedDetails = {
  readonly [Detail in keyof EventInput]?: EventInput[Detail] | AsymmetricMatcher | undefined;
};

/** The matchers that are added to `expect`. */
export interface TrackingMatchers<Result> {
  /**
   * Passes where an event of that name was tracked at least once, with those details.
   *
   * @example
   * expect(recorder).toHaveTracked('user_registration', { contactUid: 7, params: { plan: 'pro' } });
   */
  toHaveTracked(eventUid: EventName, details?: ExpectedDetails): Result;
  /**
   * Passes where a pageview was recorded at least once, with those details.
   *
   * @param page - `/reports?year=2026`: that path, with that query, on any origin. `https://…`: exactly that URL.
   * A pattern is searched for in path and query.
   * @example
   * expect(recorder).toHavePageview('/onboarding', { contactUid: 7 });
   */
  toHavePageview(page: string | URL | RegExp, details?: ExpectedDetails): Result;
}

const names = [
  'contactUid',
  'accountUid',
  'displayName',
  'params',
  'occurredAt',
] satisfies (keyof EventInput)[];

/**
 * Reads details as a tracker would.
 *
 * @throws TypeError for an unknown detail: with `.not`, a mistyped one would always pass.
 */
export function readDetails(details: ExpectedDetails = {}): Readonly<Record<string, unknown>> {
  checkNames('details', details, names);
  const read = Object.entries(details).map(([name, value]) => [name, readDetail(name, value)]);
  return Object.fromEntries(read);
}

function readDetail(name: string, value: unknown): unknown {
  if (value === null || (name === 'accountUid' && value === '')) return undefined;
  if (name === 'occurredAt' && (typeof value === 'string' || typeof value === 'number')) {
    return new Date(value);
  }
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
}

/** @throws TypeError for a name that no event can have: with `.not`, it would always pass. */
export function checkEventName(eventUid: unknown): asserts eventUid is EventName {
  if (typeof eventUid === 'string' && /^[a-z0-9_]+$/.test(eventUid)) return;
  throw new TypeError(
    `eventUid: expected a snake_case name such as user_registration, got ${describeValue(eventUid)}`,
  );
}
