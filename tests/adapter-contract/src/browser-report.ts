import type { Answer, Headers } from './browser.js';
import type { Site } from './site.js';

/** What a browser sends with a `fetch` of a page of the site, in addition to or in place of a navigation's headers. */
export const byFetch: Headers = {
  accept: '*/*',
  'sec-fetch-dest': 'empty',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-user': undefined,
  'upgrade-insecure-requests': undefined,
};

export const asText: Headers = { ...byFetch, 'content-type': 'text/plain;charset=UTF-8' };

/** The browser reports to the site. */
export function report(site: Site, body: object | string, headers: Headers = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return site.send({ method: 'POST', path: '/seen', body: text, headers: { ...asText, ...headers } });
}

export const inbox: { page: string; age: number } = { page: '/inbox?tab=2', age: 0 };
