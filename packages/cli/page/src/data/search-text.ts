import { isBrowserReport, reportedByBrowser } from '../../../src/dev/browser-report.js';
import { wordsOf } from '../../../src/dev/words.js';
import type { Entry } from './entry.js';

const texts = new WeakMap<Entry, string>();

/** The text of an entry for the search, made on first use. */
export function searchText(entry: Entry): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const text = makeText(entry);
  texts.set(entry, text);
  return text;
}

/** In lower case; one line for each part, so that no match spans two. */
function makeText(entry: Entry): string {
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
