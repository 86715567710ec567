import { bold, green, red } from './paint.mjs';
import { table } from './table.mjs';

/** @import { FakeApi, ReceivedRequest } from '../../packages/testing/dist/index.mjs' */
/** @import { MadeVisit } from './make-visits.mjs' */

/** The reasons of the tracker in a few words. @type {Record<string, string>} */
const inWords = {
  method: 'not a GET',
  prefetch: 'fetched ahead of a visit',
  not_a_page: 'no page was asked for',
  ignored: 'to be ignored',
  consent: 'no consent',
  no_url: 'its address is not known',
  filtered: 'not wanted',
  skipped: 'the handler said no',
  bot: 'a bot',
  aborted: 'nobody waited for it',
  status: 'a redirect or an error',
  not_html: 'not HTML',
  no_contact: 'nobody is signed in',
  duplicate: 'counted already',
};

/**
 * Prints what the API received.
 *
 * @param {readonly ReceivedRequest[]} requests
 * @returns what sets another row out in the same columns
 */
export function printReceived(requests) {
  const titles = ['time', 'contact', 'account', 'event', 'URL or name'];
  const { heading, lines, line } = table(titles, requests.flatMap(receivedRows));
  console.log(`\n${bold('What the API received')}\n${[heading, ...lines].join('\n')}`);
  return line;
}

/**
 * The events that the API accepted of a request, as rows of the table.
 *
 * @param {ReceivedRequest} request
 */
export function receivedRows({ status, receivedAt, events }) {
  if (status !== 200) return [];
  return events.map(({ contact_uid, event_uid, params = {} }) => {
    const detail = params.visit_url ?? params.display_name ?? '';
    return [formatTime(receivedAt), contact_uid, params.account_uid ?? '', event_uid, detail];
  });
}

/**
 * Prints which requests were no pageviews, and why.
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
 * Prints how the counts add up, and what is not as it has to be.
 *
 * @param {readonly MadeVisit[]} made
 * @param {FakeApi} api
 * @param {readonly string[]} differences
 */
export function printConclusion(made, api, differences) {
  const others = made.filter(isUnrecorded).length;
  const { length: pageviews } = api.pageviews;
  const events = api.events.length - pageviews;
  console.log(`
${made.length} requests = ${made.length - others} pageviews + ${others} that are none.
The API received ${pageviews} pageviews + ${count(events, 'event')} = ${api.events.length}.`);
  if (differences.length === 0)
    console.log(green('All of it is as it should be, to the contact and the URL.'));
  else console.log(red(['This is not as it should be:', ...differences].join('\n- ')));
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
