import { sum } from 'es-toolkit';
import { isBrowserReport, reportedByBrowser } from '../../../src/dev/browser-report.js';
import { wordsOf } from '../../../src/dev/words.js';
import { type Entry, type Kind, kindOf, type Trait } from '../data/entry.js';
import { lateness } from './times.js';

/** The names of the kinds in the side bar. */
export const kindNames: Readonly<Record<Kind, string>> = {
  event: 'Events',
  pageview: 'Pageviews',
  update: 'Contacts, accounts',
  rejected: 'Rejected',
  fault: 'Faults',
  skipped: 'Not counted',
  other: 'Never a page',
  dropped: 'Dropped',
  notice: 'Warnings, errors',
};

export const traitNames: Readonly<Record<Trait, string>> = {
  event: 'Event',
  contact: 'Contact',
  account: 'Account',
  reason: 'Reason',
};

/** The colour of an entry. */
export type Tone = Kind | 'error';

/** An entry in one line. */
export interface Line {
  readonly label: string;
  readonly tone: Tone;
  /** Its subject. */
  readonly title: string;
  /** What happened to it. */
  readonly note?: string | undefined;
  /** At the end of the line, short. */
  readonly aside?: string | undefined;
}

export function lineOf(entry: Entry): Line {
  const tone = kindOf(entry);
  switch (entry.type) {
    case 'accepted':
      return { label: entry.kind, tone, aside: lateness(entry.occurredAt, entry.at), ...describe(entry) };
    case 'rejected': {
      const { status, eventUid, method, path, problem, isFault, index } = entry;
      const label = status === undefined ? 'no answer' : String(status);
      const title = eventUid || `${method} ${path}`;
      if (isFault) return { label, tone, title, note: 'failed on purpose' };
      const aside =
        index === undefined ? undefined : `no. ${index + 1} of ${sum(Object.values(entry.contents))}`;
      return { label, tone, title, note: problem, aside };
    }
    case 'report':
      return lineOfReport(entry.report, tone);
  }
}

type Text = Pick<Line, 'title' | 'note'>;

function describe(entry: Extract<Entry, { type: 'accepted' }>): Text {
  const reported = entry.isReported && reportedByBrowser;
  switch (entry.kind) {
    case 'event':
      return { title: entry.eventUid ?? '', note: join(entry.displayName, entry.attributes, reported) };
    case 'pageview': {
      const { title, host } = splitUrl(entry.visitUrl ?? '');
      return { title, note: join(host, entry.attributes, reported) };
    }
    case 'contact':
      return { title: entry.displayName ?? entry.contactUid ?? '', note: entry.attributes };
    case 'account':
      return { title: entry.displayName ?? entry.accountUid ?? '', note: entry.attributes };
  }
}

function lineOfReport(report: Extract<Entry, { type: 'report' }>['report'], tone: Kind): Line {
  const { title } = wordsOf(report);
  switch (report.type) {
    case 'skipped': {
      const { method, path, reason, status } = report;
      // The reason as the terminal and the documentation name it.
      const note = join(reason, title);
      if (!isBrowserReport(method)) {
        return { label: 'not counted', tone, title: `${method} ${path}`, note, aside: status?.toString() };
      }
      return { label: 'not counted', tone, title: path, note: join(note, reportedByBrowser) };
    }
    case 'dropped':
      return {
        label: 'dropped',
        tone,
        title: report.eventUid || report.kind,
        note: join(report.reason, title, report.message),
      };
    case 'warning':
      return { label: 'warning', tone, title, note: report.message };
    case 'error':
      return { label: 'error', tone: 'error', title, note: join(report.message, report.cause) };
  }
}

/** A visited URL: the path first, then the host. */
function splitUrl(visitUrl: string): { readonly title: string; readonly host?: string } {
  if (!URL.canParse(visitUrl)) return { title: visitUrl };
  const { host, pathname, search, hash } = new URL(visitUrl);
  return { title: pathname + search + hash, host };
}

function join(...notes: readonly (string | undefined)[]): string | undefined {
  return notes.filter(Boolean).join(' · ') || undefined;
}
