import { expect, it } from 'vitest';
import { findDifferences } from './find-differences.mjs';

const site = 'http://localhost:3000';

/** Ada's visit to a page, as it has to be. */
const made = {
  visit: {
    who: 'Ada',
    method: 'GET',
    path: '/reports/7?token=s3cret',
    status: 200,
    outcome: 'pageview',
    tracked: [{ contact: 'ada', account: 'acme', event: 'pageview', detail: '/reports/7?token=' }],
  },
  status: 200,
  said: { method: 'GET', path: '/reports/7', status: 200, outcome: 'pageview' },
};

it('finds nothing where everything is as it has to be', () => {
  expect(findDifferences(site, [made], [received('ada')])).toEqual([]);
});

it('finds what is missing, what is too much, and what was rejected', () => {
  const pageview = `pageview, ${site}/reports/7?token=`;
  expect(findDifferences(site, [made], [])).toEqual([`The API did not receive ada, acme, ${pageview}.`]);
  expect(findDifferences(site, [made], [received('ada'), received('ada')])).toEqual([
    `The API received, unexpected: ada, acme, ${pageview}.`,
  ]);
  expect(findDifferences(site, [made], [received('grace')])).toEqual([
    `The API did not receive ada, acme, ${pageview}.`,
    `The API received, unexpected: grace, acme, ${pageview}.`,
  ]);
  const refused = {
    type: /** @type {const} */ ('rejected'),
    ...{ seq: 2, at: 0, method: 'POST', path: '/v1/track/event', isFault: false, contents: { event: 1 } },
    ...{ requestId: 2, status: 401, problem: 'Wrong API key' },
  };
  expect(findDifferences(site, [made], [refused])).toEqual([
    `The API did not receive ada, acme, ${pageview}.`,
    'The API answered 401: Wrong API key.',
  ]);
});

it('says what the visitor and the tracker saw instead', () => {
  const said = { method: 'GET', path: '/login', status: 200, outcome: 'no_contact' };
  expect(findDifferences(site, [{ ...made, status: 303, said }], [received('ada')])).toEqual([
    'Ada: GET /reports/7?token=s3cret: expected the status 200, got 303.',
    'Ada: GET /reports/7?token=s3cret: the tracker spoke of GET /login instead.',
    'Ada: GET /reports/7?token=s3cret: expected pageview, the tracker said no_contact.',
    'The page does not tell of GET /login: no_contact.',
  ]);
});

/** That pageview, as the API tells it. @param {string} contactUid */
function received(contactUid) {
  return {
    type: /** @type {const} */ ('accepted'),
    seq: 1,
    at: 0,
    kind: /** @type {const} */ ('pageview'),
    requestId: 1,
    index: 0,
    contactUid,
    accountUid: 'acme',
    eventUid: 'pageview',
    visitUrl: `${site}/reports/7?token=`,
  };
}
