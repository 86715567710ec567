import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/** What Chrome sends when somebody opens a page. */
const navigation = {
  'upgrade-insecure-requests': '1',
  'user-agent': chrome,
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8',
  'accept-language': 'en-GB,en;q=0.9',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-user': '?1',
  'sec-fetch-dest': 'document',
};

/** What Chrome sends with what a script reports. */
const report = {
  accept: '*/*',
  'content-type': 'text/plain;charset=UTF-8',
  'upgrade-insecure-requests': '',
  'sec-fetch-mode': 'no-cors',
  'sec-fetch-user': '',
  'sec-fetch-dest': 'empty',
};

/** Somebody with a browser, as far as a server can tell: its headers, its cookies, its cache. */
export class Visitor {
  /** @type {string} */
  #site;
  /** @type {Map<string, string>} */
  #cookies = new Map();
  /** @type {Map<string, string>} */
  #etags = new Map();

  /** @param {string} site */
  constructor(site) {
    this.#site = site;
  }

  /**
   * Makes one request; a redirect is not followed.
   *
   * @param {import('./visits.mjs').Visit} visit
   * @returns {Promise<number>} the status of the answer
   */
  async make({ method, path, headers, form, isReload, reportsTo }) {
    if (method === 'SHOW') {
      const body = JSON.stringify({ page: path, age: 0 });
      return this.#ask('POST', reportsTo ?? '/api/successeve', { ...report, body });
    }
    const body = form && new URLSearchParams(form).toString();
    return this.#ask(method, path, {
      'if-none-match': isReload ? this.#etags.get(path) : undefined,
      'content-type': body && 'application/x-www-form-urlencoded',
      ...headers,
      body,
    });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string | undefined>} what headers, in place of those of a browser that opens a page, and a body
   */
  async #ask(method, path, { body, ...headers }) {
    const outgoing = request(this.#site + path, { method });
    const all = {
      ...navigation,
      cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...headers,
    };
    for (const [name, value] of Object.entries(all)) {
      if (value) outgoing.setHeader(name, value);
    }
    /** @type {import('node:http').IncomingMessage} */
    const answer = await new Promise((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject).end(body);
    });
    await text(answer);
    this.#remember(path, answer.headers);
    return answer.statusCode ?? 0;
  }

  /**
   * @param {string} path
   * @param {import('node:http').IncomingHttpHeaders} headers
   */
  #remember(path, { etag, 'set-cookie': cookies = [] }) {
    if (etag) this.#etags.set(path, etag);
    for (const cookie of cookies) {
      const [, name = '', value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
  }
}
