import type { Entry } from '../../../src/dev/protocol.js';

export type { Entry };

/** What the list can be narrowed to. */
export type Kind = 'event' | 'pageview' | 'update' | 'rejected' | 'skipped' | 'dropped' | 'notice';

/** In the order in which they are offered. */
export const kinds: readonly Kind[] = [
  'event',
  'pageview',
  'update',
  'rejected',
  'skipped',
  'dropped',
  'notice',
];

/** What an entry counts as; contacts and accounts are told of in the same way. */
export function kindOf(entry: Entry): Kind {
  switch (entry.type) {
    case 'accepted':
      return entry.kind === 'contact' || entry.kind === 'account' ? 'update' : entry.kind;
    case 'rejected':
      return 'rejected';
    case 'report':
      return entry.report.type === 'warning' || entry.report.type === 'error' ? 'notice' : entry.report.type;
  }
}

/** What many entries have in common, and what the list can be narrowed to beside the kind. */
export type Trait = 'event' | 'contact' | 'account' | 'reason';

export const traits: readonly Trait[] = ['event', 'contact', 'account', 'reason'];

/** What an entry has of a trait. An empty text is none: what is rejected may come with one. */
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

/** The name of an event; a pageview has none that tells it from others, also where it was rejected. */
function eventUidOf(entry: Entry): string | undefined {
  if (entry.type === 'report') {
    return entry.report.type === 'dropped' && entry.report.kind === 'event'
      ? entry.report.eventUid
      : undefined;
  }
  const isNamed = entry.type === 'rejected' || entry.kind === 'event';
  return isNamed && entry.eventUid !== 'pageview' ? entry.eventUid : undefined;
}

/** The reason why something was not counted. */
function reasonOf(entry: Entry): string | undefined {
  return entry.type === 'report' && 'reason' in entry.report ? entry.report.reason : undefined;
}

/** When it happened, which may be long before it arrived. */
export function happenedAt(entry: Entry): number {
  if (entry.type === 'report') return entry.report.at;
  return (entry.type === 'accepted' ? entry.occurredAt : undefined) ?? entry.at;
}
