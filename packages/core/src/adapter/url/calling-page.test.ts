import { expect, it } from 'vitest';
import { requestHead } from '../../../test/request-head.js';
import { callingPage } from './calling-page.js';

const referer = 'https://app.example.com/inbox?secret=1';
const byFetch = { referer, 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' };

it.each([
  ['a fetch', byFetch, '/inbox'],
  ['a fetch on plain http', { referer, host: 'app.example.com' }, '/inbox'],
  ['a document', { ...byFetch, 'sec-fetch-dest': 'document' }, undefined],
  ['a form on plain http', { referer, host: 'app.example.com', 'upgrade-insecure-requests': '1' }, undefined],
  ['a fetch of another site', { ...byFetch, 'sec-fetch-site': 'cross-site' }, undefined],
  ['a request without a Referer', { 'sec-fetch-dest': 'empty' }, undefined],
  ['an invalid Referer', { ...byFetch, referer: 'about:client' }, undefined],
])('finds the page of %s', (_, headers, expected) => {
  expect(callingPage(requestHead(headers))).toBe(expected);
});
