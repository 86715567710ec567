import { isPlainObject } from './one-line.js';

/** How the test runner compares two values, asymmetric matchers included. */
export type Equals = (a: unknown, b: unknown) => boolean;

export interface Comparison {
  readonly isMatch: boolean;
  /** How many of the values that were expected are there. */
  readonly hits: number;
  /** What was expected, and of what was received as much as was asked for: for a diff that shows nothing else. */
  readonly expected: unknown;
  readonly received: unknown;
}

type Members = Readonly<Record<string, unknown>>;

/** Compares as `toMatchObject` does: of an object only the members that were expected; arrays in full length. */
export function compare(expected: unknown, received: unknown, equals: Equals): Comparison {
  if (isPlainObject(expected) && isPlainObject(received)) {
    return compareMembers(expected, received, equals, (entries) => Object.fromEntries(entries));
  }
  if (Array.isArray(expected) && Array.isArray(received) && expected.length === received.length) {
    const members = [expected, received] as unknown as [Members, Members];
    return compareMembers(...members, equals, (entries) => entries.map(([, value]) => value));
  }
  const isMatch = equals(expected, received) || (hasJson(expected) && equals(expected.toJSON(), received));
  // An asymmetric matcher that passes is not a difference.
  return { isMatch, hits: Number(isMatch), expected: isMatch ? received : expected, received };
}

function compareMembers(
  expected: Members,
  received: Members,
  equals: Equals,
  assemble: (entries: [string, unknown][]) => unknown,
): Comparison {
  const members = Object.keys(expected).map(
    (name) => [name, compare(expected[name], received[name], equals)] as const,
  );
  const present = members.filter(([name]) => received[name] !== undefined);
  return {
    isMatch: members.every(([, { isMatch }]) => isMatch),
    hits: members.reduce((sum, [, { hits }]) => sum + hits, 0),
    expected: assemble(members.map(([name, comparison]) => [name, comparison.expected])),
    received: assemble(present.map(([name, comparison]) => [name, comparison.received])),
  };
}

/** Such as a date, which in `params` was recorded as JSON has it. */
function hasJson(value: unknown): value is { toJSON(): unknown } {
  return typeof (value as { toJSON?: unknown } | undefined)?.toJSON === 'function';
}
