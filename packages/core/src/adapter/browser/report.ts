import { isObject } from '../../event/json.js';
import type { SkipReason } from '../../reasons.js';

/** Most bytes of a report: one URL, or an event with its params. From the design. */
export const maxReportBytes = 4096;

/** The longest path that a report may name, in characters. From the design: a longer one is not recorded as a URL either. */
const maxPageLength = 2048;

/** The longest age that is believed, in milliseconds. From the design. */
const maxAgeMs = 60_000;

/** What a browser reports: a page that it shows, or an event of the visitor's. */
export type Report = PageReport | EventReport;

export interface PageReport {
  readonly kind: 'page';
  /** Path, query and, where it begins with `#/` or `#!/`, the fragment. */
  readonly page: string;
  /** How long ago the page appeared. */
  readonly ageMs: number;
  /** Set where it is the first page of a document. */
  readonly first: FirstPage | undefined;
}

/** What a browser knows of the document that its first page came with. */
export interface FirstPage {
  /** The path and query that the document was loaded with. */
  readonly document: string;
  /** The server's time in the document's `Server-Timing`, in epoch milliseconds. */
  readonly mark: number | undefined;
  /** How long before the report the navigation began. */
  readonly sinceMs: number;
  /** Whether the browser knows that this navigation asked the server for nothing. */
  readonly isUnasked: boolean;
}

export interface EventReport {
  readonly kind: 'event';
  readonly eventUid: string;
  readonly params: Readonly<Record<string, unknown>> | undefined;
  readonly ageMs: number;
}

/**
 * Reads the body of a report: its text, or what the application's own parser made of it.
 *
 * @returns why it is not believed, where it is not a report.
 */
export function readReport(body: unknown): Report | SkipReason {
  const value = typeof body === 'string' ? parse(body) : body;
  if (!isObject(value)) return 'invalid_report';
  const { page, age, event, params, first } = value;
  const ageMs = readMs(age, maxAgeMs);
  if (ageMs === undefined) return 'invalid_report';
  if (event !== undefined) {
    if (typeof event !== 'string' || !(params === undefined || isObject(params))) return 'invalid_report';
    return { kind: 'event', eventUid: event, params, ageMs };
  }
  if (typeof page !== 'string') return 'invalid_report';
  if (!isPath(page)) return 'foreign_url';
  const firstPage = first === undefined ? undefined : readFirst(first);
  if (typeof firstPage === 'string') return firstPage;
  return { kind: 'page', page, ageMs, first: firstPage };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readFirst(first: unknown): FirstPage | SkipReason {
  if (!isObject(first)) return 'invalid_report';
  const { document, mark, since, unasked } = first;
  const sinceMs = readMs(since, Number.MAX_SAFE_INTEGER);
  if (typeof document !== 'string' || sinceMs === undefined) return 'invalid_report';
  if (!isPath(document)) return 'foreign_url';
  return { document, mark: readMark(mark), sinceMs, isUnasked: unasked === true };
}

/** A mark of another server on the way, which has a `Server-Timing` entry of the same name, is not one. */
function readMark(mark: unknown): number | undefined {
  return typeof mark === 'string' && /^\d{1,15}$/.test(mark) ? Number(mark) : undefined;
}

/** A clock that was set back may make a negative duration. */
function readMs(value: unknown, max: number): number | undefined {
  if (typeof value !== 'number' || Number.isNaN(value)) return undefined;
  return Math.min(Math.max(Math.round(value), 0), max);
}

/** A path of this site, and nothing that a browser would read as another host: `//host`, `/\host`. */
function isPath(text: string): boolean {
  return text.length <= maxPageLength && /^\/(?![/\\])\P{Cc}*$/u.test(text);
}
