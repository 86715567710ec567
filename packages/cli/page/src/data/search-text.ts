import { isBrowserReport, reportedByBrowser } from '../../../src/dev/browser-report.js';
import { wordsOf } from '../../../src/dev/words/words-of.js';
import type { Entry } from './entry.js';

/** The fields of an entry, or of its report, that are searched. */
const searched = [
  'kind',
  'eventUid',
  'displayName',
  'visitUrl',
  'attributes',
  'contactUid',
  'accountUid',
  'status',
  'method',
  'path',
  'problem',
  'advice',
  'reason',
  'code',
  'message',
] as const;

type Subject = Readonly<Partial<Record<(typeof searched)[number], string | number | undefined>>>;

/** The text of an entry for the search, in lower case; one line for each part, so that no match spans two. */
export function searchText(entry: Entry): string {
  const { type } = entry.type === 'report' ? entry.report : entry;
  const subject: Subject = entry.type === 'report' ? entry.report : entry;
  const parts = searched.map((field) => subject[field]);
  // These two are too common to be searched for by themselves.
  if (type !== 'accepted' && type !== 'skipped') parts.push(type);
  if (entry.type === 'report') parts.push(wordsOf(entry.report).title);
  const isReported = entry.type === 'accepted' ? entry.isReported : isBrowserReport(String(subject.method));
  if (isReported) parts.push(reportedByBrowser);
  return parts
    .filter((part) => part !== undefined)
    .join('\n')
    .toLowerCase();
}
