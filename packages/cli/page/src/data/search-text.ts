import { isBrowserReport, reportedByBrowser } from '../../../src/dev/browser-report.js';
import { wordsOf } from '../../../src/dev/words/words-of.js';
import type { Entry } from './entry.js';

/** The text of an entry for the search, in lower case; one line for each part, so that no match spans two. */
export function searchText(entry: Entry): string {
  return partsOf(entry)
    .filter((part) => part !== undefined)
    .join('\n')
    .toLowerCase();
}

function partsOf(entry: Entry): readonly (string | number | undefined)[] {
  switch (entry.type) {
    case 'accepted':
      return [
        entry.kind,
        entry.eventUid,
        entry.displayName,
        entry.visitUrl,
        entry.attributes,
        entry.contactUid,
        entry.accountUid,
        entry.isReported ? reportedByBrowser : undefined,
      ];
    case 'rejected':
      return [
        'rejected',
        entry.status,
        entry.method,
        entry.path,
        entry.problem,
        entry.advice,
        entry.eventUid,
        entry.contactUid,
      ];
    case 'report':
      return [...partsOfReport(entry.report), wordsOf(entry.report).title];
  }
}

function partsOfReport(
  report: Extract<Entry, { type: 'report' }>['report'],
): readonly (string | undefined)[] {
  switch (report.type) {
    case 'skipped':
      return [
        report.reason,
        report.method,
        report.path,
        report.status?.toString(),
        isBrowserReport(report.method) ? reportedByBrowser : undefined,
      ];
    case 'dropped':
      return [
        report.type,
        report.reason,
        report.message,
        report.kind,
        report.eventUid,
        report.contactUid,
        report.accountUid,
      ];
    default:
      return [report.type, report.code, report.message];
  }
}
