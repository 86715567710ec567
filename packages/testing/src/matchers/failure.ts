import type { RecordedEvent } from '../recorder.js';
import { type Comparison, compare, type Equals } from './compare.js';
import { oneLine } from './one-line.js';
import type { Recording } from './recording.js';

/** What a test runner gives its matchers, as far as vitest and jest agree. */
export interface MatcherContext {
  readonly isNot?: boolean;
  readonly promise?: string;
  readonly equals: Equals;
  readonly utils: {
    matcherHint(name: string, received: string, expected: string, options: object): string;
    EXPECTED_COLOR(text: string): string;
    RECEIVED_COLOR(text: string): string;
    diff(expected: unknown, received: unknown): string | null | undefined;
  };
}

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What a matcher looks for. */
export interface Sought {
  readonly matcher: 'toHaveTracked' | 'toHavePageview';
  readonly kind: RecordedEvent['kind'];
  /** The name of an event, or the page. */
  readonly shown: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Whether an event has the name, or a pageview the page. */
  isOf(event: RecordedEvent): boolean;
  /** The part of an event to compare with `shown`, which may be mistyped. */
  nameOf(event: RecordedEvent): string;
}

/** More of them would hide the closest. */
const mostShown = 10;

/** An event, and how far it is what was sought. */
interface Candidate {
  readonly event: RecordedEvent;
  readonly isOf: boolean;
  readonly comparison: Comparison;
}

/** Looks for an event; if it is missing, the message lists what was tracked instead. */
export function find(context: MatcherContext, recording: Recording, sought: Sought): MatcherResult {
  const candidates = recording.events.map((event) => ({
    event,
    isOf: sought.isOf(event),
    comparison: compare(sought.details, event, context.equals),
  }));
  const matches = candidates.filter(({ isOf, comparison }) => isOf && comparison.isMatch);
  const message = (): string => {
    const { isNot, promise, utils } = context;
    const found =
      matches.length > 0 ? listMatches(context, matches) : listOthers(context, recording, sought, candidates);
    return [
      utils.matcherHint(sought.matcher, recording.name, argumentsOf(sought), { isNot, promise }),
      '',
      `Expected: ${isNot ? 'no ' : ''}${utils.EXPECTED_COLOR(describe(sought.kind, sought.shown, sought.details))}`,
      '',
      ...found,
    ].join('\n');
  };
  return { pass: matches.length > 0, message };
}

function argumentsOf({ matcher, details }: Sought): string {
  const name = matcher === 'toHaveTracked' ? 'eventUid' : 'page';
  return Object.keys(details).length > 0 ? `${name}, details` : name;
}

function listMatches(context: MatcherContext, matches: readonly Candidate[]): readonly string[] {
  return ['But it was tracked:', ...list(context, matches)];
}

function listOthers(
  context: MatcherContext,
  recording: Recording,
  sought: Sought,
  candidates: readonly Candidate[],
): readonly string[] {
  const reasons = recording.reasons(sought.kind);
  if (candidates.length === 0) return [recording.nothing, ...reasons];
  const ranked = candidates.map((candidate) => ({ ...candidate, rank: rankOf(candidate, sought) }));
  ranked.sort((a, b) => b.rank - a.rank || b.comparison.hits - a.comparison.hits);
  return [
    ranked.length === 1 ? 'Tracked instead:' : 'Tracked instead, closest first:',
    ...list(context, ranked),
    ...difference(context, ranked[0]),
    ...(reasons.length > 0 ? ['', ...reasons] : []),
  ];
}

function rankOf({ event, isOf }: Candidate, { kind, shown, nameOf }: Sought): number {
  if (isOf) return Number.MAX_VALUE;
  return event.kind === kind ? resemblance(shown, nameOf(event)) : -1;
}

/** How many characters two names have in common at their beginning and at their end. */
function resemblance(a: string, b: string): number {
  const longest = Math.min(a.length, b.length);
  let start = 0;
  while (start < longest && a[start] === b[start]) start++;
  let end = 0;
  while (end < longest - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return start + end;
}

function list({ utils }: MatcherContext, candidates: readonly Candidate[]): readonly string[] {
  const lines = candidates.slice(0, mostShown).map(({ event }) => {
    const { kind, eventUid, visitUrl, contactUid, accountUid, displayName, params } = event;
    const details = Object.entries({ contactUid, accountUid, displayName, params });
    const known = Object.fromEntries(details.filter(([, value]) => value !== undefined));
    return `  ${utils.RECEIVED_COLOR(describe(kind, visitUrl ?? eventUid, known))}`;
  });
  const more = candidates.length - lines.length;
  return more > 0 ? [...lines, `  … and ${more} more`] : lines;
}

function describe(kind: RecordedEvent['kind'], name: string, details: object): string {
  return Object.keys(details).length > 0 ? `${kind} ${name} ${oneLine(details)}` : `${kind} ${name}`;
}

/** Where the closest is another event, its name says all. */
function difference({ utils }: MatcherContext, closest: Candidate | undefined): readonly string[] {
  if (!closest?.isOf) return [];
  const { expected, received } = closest.comparison;
  return ['', 'The first differs:', '', utils.diff(expected, received) ?? ''];
}
