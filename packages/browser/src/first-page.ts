import type { FirstPage } from './protocol.js';

/** As much of the entry as is used here; not every engine has all of it. */
interface NavigationEntry {
  readonly name: string;
  readonly activationStart?: number;
  readonly deliveryType?: string;
  readonly responseStart: number;
  readonly serverTiming?: readonly PerformanceServerTiming[];
  readonly transferSize: number;
}

// The performance clock may stand still while the machine sleeps, so it measures only the time until now.
const startedAt = Date.now() - performance.now();

/**
 * Describes the document whose first page was visited. Has to be called when the report is sent: in Firefox the
 * navigation entry is incomplete before.
 *
 * @returns `undefined` where the document was loaded for another page.
 */
export function firstPage(page: string): FirstPage | undefined {
  const entry = performance.getEntriesByType('navigation')[0] as unknown as NavigationEntry;
  const { pathname, search } = new URL(entry.name);
  if (pathname !== page.split(/[?#]/)[0]) return undefined;
  const mark = entry.serverTiming?.find(({ name }) => name === 'seen')?.description;
  const isUnasked =
    entry.activationStart ||
    entry.deliveryType === 'navigational-prefetch' ||
    // WebKit says 0 bytes also of documents that the server sent, but those carry its mark. Firefox hides the mark in a
    // frame of another site; frames are left to the browser.
    (!mark && (self !== top || (!entry.transferSize && entry.responseStart)));
  return {
    document: pathname + search,
    since: Math.round(Date.now() - startedAt),
    mark,
    unasked: !!isUnasked,
  };
}
