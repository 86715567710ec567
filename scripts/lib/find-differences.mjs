/** @import { Entry } from '../../packages/cli/src/dev/protocol.js' */
/** @import { MadeVisit } from './make-visits.mjs' */
import { acceptedOf, skippedOf } from './entries.mjs';

/**
 * Says, a line each, where what happened is not what had to happen: in the answers, in what the tracker said, in what
 * the API received, and in what it tells of the rest.
 *
 * @param {string} site
 * @param {readonly MadeVisit[]} made
 * @param {readonly Entry[]} entries what the API tells
 */
export function findDifferences(site, made, entries) {
  const expected = made.flatMap(({ visit: { tracked = [] } }) =>
    tracked.map(({ contact, account, event, detail }) =>
      describe(contact, account, event, event === 'pageview' ? site + detail : detail),
    ),
  );
  const received = acceptedOf(entries).map(
    ({ kind, contactUid, accountUid, eventUid = kind, visitUrl, displayName }) =>
      describe(contactUid, accountUid, eventUid, visitUrl ?? displayName),
  );
  const skipped = made.filter(isReported).map(({ said: { method, path, outcome } }) => {
    return `${method} ${path}: ${outcome}`;
  });
  const reported = skippedOf(entries).map(({ method, path, reason }) => `${method} ${path}: ${reason}`);
  return [
    ...made.flatMap(differencesOf),
    ...without(expected, received).map((event) => `The API did not receive ${event}.`),
    ...without(received, expected).map((event) => `The API received, unexpected: ${event}.`),
    ...without(skipped, reported).map((skip) => `The page does not tell of ${skip}.`),
    ...without(reported, skipped).map((skip) => `The page tells, unexpected: ${skip}.`),
    ...entries.flatMap((entry) =>
      entry.type === 'rejected' ? `The API answered ${entry.status}: ${entry.problem}.` : [],
    ),
  ];
}

/** Whether the tracker reports a visit: one that did not count, unless it was for an image. @param {MadeVisit} made */
export function isReported({ visit, said: { outcome } }) {
  if (outcome === 'not_a_page') return visit.headers?.['sec-fetch-dest'] === 'empty';
  return outcome !== 'pageview';
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
