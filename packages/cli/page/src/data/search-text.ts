import { isBrowserReport, reportedByBrowser } from '../../../src/dev/browser-report.js';
import { wordsOf } from '../../../src/dev/words.js';
import type { Entry } from './entry.js';

/** The text of an entry for the search, in lower case; one line for each part, so that no match spans two. */
export function searchText(entry: Entry): string {
  const { type, ...subject } = entry.type === 'report' ? entry.report : entry;
  const parts: unknown[] = Object.values(subject).filter((value) => typeof value === 'string');
  if ('status' in subject) parts.push(subject.status);
  // These two are too common to be searched for by themselves.
  if (type !== 'accepted' && type !== 'skipped') parts.push(type);
  if (entry.type === 'report') parts.push(wordsOf(entry.report).title);
  const isReported =
    'method' in subject ? isBrowserReport(subject.method) : 'isReported' in subject && subject.isReported;
  if (isReported) parts.push(reportedByBrowser);
  return parts.join('\n').toLowerCase();
}
