/** @import { Entry } from '../../packages/cli/src/dev/protocol.js' */

/** What the API accepted of all that it tells. @param {readonly Entry[]} entries */
export function acceptedOf(entries) {
  return entries.filter((entry) => entry.type === 'accepted');
}

/** The requests that were no pageviews, as the tracker reported them. @param {readonly Entry[]} entries */
export function skippedOf(entries) {
  return entries.flatMap((entry) =>
    entry.type === 'report' && entry.report.type === 'skipped' ? entry.report : [],
  );
}
