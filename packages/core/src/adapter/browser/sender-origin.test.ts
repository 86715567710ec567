import { expect, it } from 'vitest';
import { requestHead } from '../../../test/request-head.js';
import { senderOrigin } from './sender-origin.js';

const host = '127.0.0.1:3000';
const origins = new Set(['https://cdn.example.com']);

it.each<[string, Record<string, string>, string | undefined]>([
  ['the same origin', { 'sec-fetch-site': 'same-origin', origin: 'https://app.example.com' }, 'own'],
  [
    'the same origin without referrers, in Firefox',
    { 'sec-fetch-site': 'same-origin', origin: 'null' },
    'own',
  ],
  [
    'the same origin, also where a proxy renames it',
    { 'sec-fetch-site': 'same-origin', origin: 'https://hidden.example' },
    'own',
  ],
  ['the same site', { 'sec-fetch-site': 'same-site', origin: 'https://other.example.com' }, undefined],
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, undefined],
  [
    'another site that takes our name',
    { 'sec-fetch-site': 'cross-site', origin: 'https://app.example.com' },
    undefined,
  ],
  ['an address bar', { 'sec-fetch-site': 'none' }, undefined],
  [
    'a listed origin',
    { 'sec-fetch-site': 'same-site', origin: 'https://cdn.example.com' },
    'https://cdn.example.com',
  ],
  ['a listed origin over plain http', { origin: 'https://cdn.example.com' }, 'https://cdn.example.com'],
  [
    'its sibling',
    { 'sec-fetch-site': 'same-site', origin: 'https://cdn.example.com.evil.example' },
    undefined,
  ],
  ['the own host over plain http', { origin: 'http://127.0.0.1:3000' }, 'own'],
  ['another port over plain http', { origin: 'http://127.0.0.1:3001' }, undefined],
  ['another site over plain http', { origin: 'http://evil.example' }, undefined],
  ['nowhere that may be named over plain http', { origin: 'null' }, undefined],
  ['a script without a browser', {}, undefined],
])('of a report from %s', (_, headers, expected) => {
  expect(senderOrigin(requestHead(headers), host, origins)).toBe(expected);
});
