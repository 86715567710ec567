import { expect, it } from 'vitest';
import { requestHead } from '../../../test/request-head.js';
import { type EndedPage, pageReason, requestReason } from './pageview-rules.js';

// What every adapter promises is tested in tests/adapter-contract; its routes do not answer with every status.
it.each([
  [200, undefined],
  [201, undefined],
  [202, undefined],
  [203, undefined],
  [204, 'status'],
  [205, 'status'],
  [206, 'status'],
  [303, 'status'],
  [304, undefined],
  [404, 'status'],
])('a page with the status %i is skipped for the reason %s', (status, reason) => {
  const [yes, no] = [() => true, () => false];
  const page: EndedPage<undefined> = {
    rules: { isIgnored: no, isWanted: yes, isBot: no },
    exchange: Object.assign(requestHead({}), { request: undefined, target: '/' }),
    method: 'GET',
    requestReason: undefined,
    response: { isComplete: true, isHeadSent: true, status, header: () => undefined },
    served: undefined,
    hasConsent: yes,
    url: 'https://app.example.com/',
    isSkipped: false,
    wasRead: false,
    isHtml: yes,
  };

  expect(pageReason(page)).toBe(reason);
});

// Recorded from Chromium 156 and Firefox 153 on http://intranet.test, which is not a secure origin.
const chromium = {
  host: 'intranet.test',
  'upgrade-insecure-requests': '1',
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
};
const firefox = { ...chromium, priority: 'u=0, i' };
const fromPage = { referer: 'http://intranet.test/inbox' };
const fetched = { host: 'intranet.test', accept: 'text/html', ...fromPage };

it.each<[string, Record<string, string>, string | undefined]>([
  ['a page opened in Chromium', chromium, undefined],
  ['a page opened in Firefox', firefox, undefined],
  ['a link clicked in Chromium', { ...chromium, ...fromPage }, undefined],
  ['a link clicked in Firefox', { ...firefox, ...fromPage }, undefined],
  ['a link on another site', { ...fetched, referer: 'http://intranet.test.example/' }, undefined],
  ['a client that only accepts HTML', { host: 'intranet.test', accept: 'text/html' }, undefined],
  ['a frame in Firefox', { ...firefox, ...fromPage, priority: 'u=4' }, 'not_a_page'],
  ['a fetch that accepts HTML in Chromium', fetched, 'not_a_page'],
  ['a fetch that accepts HTML in Firefox', { ...fetched, priority: 'u=4' }, 'not_a_page'],
  ['a page in an Android WebView', { ...chromium, 'x-requested-with': 'com.acme.app' }, undefined],
  ['a request of jQuery', { ...chromium, 'x-requested-with': 'XMLHttpRequest' }, 'not_a_page'],
  ['a request of Swup', { ...chromium, 'x-requested-with': 'swup' }, 'not_a_page'],
])('without Sec-Fetch headers, %s is skipped or not', (_, headers, reason) => {
  expect(requestReason(requestHead(headers))).toBe(reason);
});
