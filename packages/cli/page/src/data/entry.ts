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

/** An entry's value of a trait. An empty string counts as none: a rejected event may have one. */
export function traitOf(entry: Entry, trait: Trait): string | undefined {
  return readTrait(entry, trait) || undefined;
}

function readTrait(entry: Entry, trait: Trait): string | undefined {
  switch (trait) {
    case 'event':
      return eventUidOf(entry);
    case 'contact':
      return contactUidOf(entry);
    case 'account':
      return accountUidOf(entry);
    case 'reason':
      return reasonOf(entry);
  }
}

function contactUidOf(entry: Entry): string | undefined {
  if (entry.type !== 'report') return entry.contactUid;
  return entry.report.type === 'dropped' ? entry.report.contactUid : undefined;
}

function accountUidOf(entry: Entry): string | undefined {
  if (entry.type === 'report') return entry.report.type === 'dropped' ? entry.report.accountUid : undefined;
  return entry.type === 'accepted' ? entry.accountUid : undefined;
}

/** The name of an event; pageviews, rejected ones included, have none. */
function eventUidOf(entry: Entry): string | undefined {
  if (entry.type === 'report') {
    return entry.report.type === 'dropped' && entry.report.kind === 'event'
      ? entry.report.eventUid
      : undefined;
  }
  const isNamed = entry.type === 'rejected' || entry.kind === 'event';
  return isNamed && entry.eventUid !== 'pageview' ? entry.eventUid : undefined;
}

/** Why a request was not counted, or an event dropped. */
function reasonOf(entry: Entry): string | undefined {
  return entry.type === 'report' && 'reason' in entry.report ? entry.report.reason : undefined;
}

/** When it happened, which may be long before it arrived. */
export function happenedAt(entry: Entry): number {
  if (entry.type === 'report') return entry.report.at;
  return (entry.type === 'accepted' ? entry.occurredAt : undefined) ?? entry.at;
}
