/** @import { ReceivedRequest } from '../../packages/testing/dist/index.mjs' */
/** @import { MadeVisit } from './make-visits.mjs' */

/**
 * Says, a line each, where what happened is not what had to happen: in the answers, in what the tracker said, and in
 * what the API received.
 *
 * @param {string} site
 * @param {readonly MadeVisit[]} made
 * @param {readonly ReceivedRequest[]} requests that came to the API
 */
export function findDifferences(site, made, requests) {
  const expected = made.flatMap(({ visit: { tracked } }) => {
    if (!tracked) return [];
    const { contact, account, event, detail } = tracked;
    return describe(contact, account, event, event === 'pageview' ? site + detail : detail);
  });
  const received = requests
    .flatMap(({ status, events }) => (status === 200 ? events : []))
    .map(({ contact_uid, event_uid, params = {} }) =>
      describe(contact_uid, params.account_uid, event_uid, params.visit_url ?? params.display_name),
    );
  return [
    ...made.flatMap(differencesOf),
    ...without(expected, received).map((event) => `The API did not receive ${event}.`),
    ...without(received, expected).map((event) => `The API received, unexpected: ${event}.`),
    ...requests.flatMap(({ status, problem }) =>
      status === 200 ? [] : `The API answered ${status}: ${problem}.`,
    ),
  ];
}

/** @param {MadeVisit} made */
function differencesOf({ visit, status, said }) {
  const name = `${visit.who}: ${visit.method} ${visit.path}`;
  const isSame = said.method === visit.method && said.path === visit.path.split('?', 1)[0];
  return [
    status !== visit.status && `${name}: expected the status ${visit.status}, got ${status}.`,
    !isSame && `${name}: the tracker spoke of ${said.method} ${said.path} instead.`,
    said.outcome !== visit.outcome && `${name}: expected ${visit.outcome}, the tracker said ${said.outcome}.`,
  ].filter((difference) => difference !== false);
}

/** @param {(string | undefined)[]} facts */
function describe(...facts) {
  return facts.map((fact) => fact ?? 'nothing').join(', ');
}

/**
 * What is left of `all` when each of `others` takes one equal away.
 *
 * @param {readonly string[]} all
 * @param {readonly string[]} others
 */
function without(all, others) {
  const left = [...all];
  for (const other of others) {
    const index = left.indexOf(other);
    if (index !== -1) left.splice(index, 1);
  }
  return left;
}
