import type { DevReport } from '@successeve/core/dev';
import type { Entry } from '../../../src/dev/protocol.js';

export type { Entry };

/** The kinds of entries, by which the list can be narrowed, in the order of the side bar. */
export const kinds = [
  'event',
  'pageview',
  'update',
  'rejected',
  'fault',
  'skipped',
  'other',
  'dropped',
  'notice',
] as const;

export type Kind = (typeof kinds)[number];

/** Reasons of requests that are never pages of their own: calls, prefetches, and reports of pages that the server counted. */
const neverPages: ReadonlySet<string> = new Set(['method', 'not_a_page', 'prefetch', 'answered']);

function kindOfReport(report: DevReport): Kind {
  if (report.type === 'dropped') return 'dropped';
  if (report.type !== 'skipped') return 'notice';
  return neverPages.has(report.reason) ? 'other' : 'skipped';
}

/** The kind of an entry; updates of contacts and accounts are one kind. */
export function kindOf(entry: Entry): Kind {
  switch (entry.type) {
    case 'accepted':
      return entry.kind === 'contact' || entry.kind === 'account' ? 'update' : entry.kind;
    case 'rejected':
      return entry.isFault ? 'fault' : 'rejected';
    case 'report':
      return kindOfReport(entry.report);
  }
}

/** Properties that many entries share, by which the list can be narrowed. */
export const traits = ['event', 'contact', 'account', 'reason'] as const;

export type Trait = (typeof traits)[number];

/** The fields of an entry, or of its report, that have its traits. */
type Subject = Partial<Record<'type' | 'kind' | 'eventUid' | 'contactUid' | 'accountUid' | 'reason', string>>;

/** An entry's value of a trait. An empty string counts as none: a rejected event may have one. */
export function traitOf(entry: Entry, trait: Trait): string | undefined {
  const subject: Subject = entry.type === 'report' ? entry.report : entry;
  const { kind = 'event', eventUid, contactUid, accountUid, reason } = subject;
  // Pageviews have no name, not even rejected ones.
  const event = kind === 'event' && eventUid !== 'pageview' ? eventUid : undefined;
  return { event, contact: contactUid, account: accountUid, reason }[trait] || undefined;
}

/** When it happened, which may be long before it arrived. */
export function happenedAt(entry: Entry): number {
  if (entry.type === 'report') return entry.report.at;
  return (entry.type === 'accepted' ? entry.occurredAt : undefined) ?? entry.at;
}
