import { acceptedOf } from './entries.mjs';
import { bold, green, red } from './paint.mjs';
import { table } from './table.mjs';

/** @import { Entry } from '../../packages/cli/src/dev/protocol.js' */
/** @import { MadeVisit } from './make-visits.mjs' */

/** The reasons of the tracker in a few words. @type {Record<string, string>} */
const inWords = {
  method: 'not a GET',
  prefetch: 'fetched ahead of a visit',
  not_a_page: 'not a request for a page',
  left_to_browser: 'the browser reports it',
  ignored: 'ignored by a rule',
  consent: 'no consent',
  no_url: 'the address of the site is not known',
  filtered: 'filtered out',
  skipped: 'skipped by the handler',
  bot: 'a bot',
  aborted: 'the visitor left',
  status: 'a redirect or an error',
  not_html: 'not HTML',
  no_contact: 'no contact is known',
  duplicate: 'counted already',
};

/**
 * Prints what the API received.
 *
 * @param {readonly Entry[]} entries
 * @returns what sets another row out in the same columns
 */
export function printReceived(entries) {
  const titles = ['time', 'contact', 'account', 'event', 'page or name'];
  const { heading, lines, line } = table(titles, receivedRows(entries));
  console.log(`\n${bold('What the API received')}\n${[heading, ...lines].join('\n')}`);
  return line;
}

/**
 * What the API accepted, as rows of the table.
 *
 * @param {readonly Entry[]} entries
 */
export function receivedRows(entries) {
  return acceptedOf(entries).map(
    ({ at, kind, contactUid = '', accountUid = '', eventUid = kind, visitUrl, displayName = '' }) => [
      formatTime(at),
      contactUid,
      accountUid,
      eventUid,
      visitUrl ? pathOf(visitUrl) : displayName,
    ],
  );
}

/**
 * Prints which requests were not pageviews, and why.
 *
 * @param {readonly MadeVisit[]} made
 */
export function printUnrecorded(made) {
  const titles = ['visitor', 'request', 'status', 'reason', 'in words'];
  const rows = made
    .filter(isUnrecorded)
    .map(({ visit: { who, method, path }, status, said: { outcome } }) => {
      return [who, `${method} ${path}`, String(status), outcome, inWords[outcome] ?? ''];
    });
  const { heading, lines } = table(titles, rows);
  console.log(`\n${bold('What was not a pageview, and why')}\n${[heading, ...lines].join('\n')}`);
}

/**
 * Prints how the counts add up, and what differs from what was expected.
 *
 * @param {readonly MadeVisit[]} made
 * @param {readonly Entry[]} entries
 * @param {readonly string[]} differences
 */
export function printConclusion(made, entries, differences) {
  const others = made.filter(isUnrecorded).length;
  const accepted = acceptedOf(entries);
  const kinds = /** @type {const} */ (['pageview', 'event', 'contact', 'account']);
  const counts = kinds.map((kind) => count(accepted.filter((entry) => entry.kind === kind).length, kind));
  console.log(`
${made.length} requests = ${made.length - others} pageviews + ${others} other requests.
The API received ${counts.join(' + ')} = ${accepted.length}.`);
  if (differences.length === 0) console.log(green('Everything is as expected, to the contact and the URL.'));
  else console.log(red(['This differs from what was expected:', ...differences].join('\n- ')));
}

/** @param {MadeVisit} made */
function isUnrecorded({ said }) {
  return said.outcome !== 'pageview';
}

/**
 * @param {number} number
 * @param {string} noun
 */
function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** @param {number} epochMs */
export function formatTime(epochMs) {
  return new Date(epochMs).toTimeString().slice(0, 8);
}

/** All pages are on the one site of the example, and a terminal may be narrow. @param {string} visitUrl */
function pathOf(visitUrl) {
  const { pathname, search } = new URL(visitUrl);
  return pathname + search;
}
