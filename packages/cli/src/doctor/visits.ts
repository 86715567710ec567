import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError } from '@successeve/command-line';
import type { DevApi } from '../dev/api/dev-api.js';
import type { Entry } from '../dev/protocol.js';

/** How long an application may take to start, and to respond: a development server compiles first. */
const patienceMs = 60_000;

const askEveryMs = 100;

/** How often a report is looked for after the response: five seconds, since a tracker reports every 50 ms. */
const mostLooks = 250;
const lookEveryMs = 20;

const mostRedirects = 5;

/** The headers of a browser that opens a page. */
const browser = {
  'upgrade-insecure-requests': '1',
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'en',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-user': '?1',
  'sec-fetch-dest': 'document',
};

/** The visits of one person, and what the application reports of them. */
export class Visits {
  /** The paths without a report. */
  readonly unreported: Set<string> = new Set();
  readonly #cookie: object;
  readonly #devApi: DevApi;
  readonly #signal: AbortSignal;
  /** A page that the adapter saw. */
  #followed: URL | undefined;

  constructor(cookies: readonly string[], devApi: DevApi, signal: AbortSignal) {
    this.#cookie = cookies.length > 0 ? { cookie: cookies.join('; ') } : {};
    this.#devApi = devApi;
    this.#signal = signal;
  }

  /** Makes the visits once the application listens. */
  async make(urls: readonly URL[]): Promise<void> {
    for (const url of urls) {
      await this.#untilReady(url);
      await this.#visit(url);
    }
    // A report may come after an event, but not after a later report: that of this prefetch is the last.
    if (this.#followed) await this.#ask(this.#followed, { 'sec-purpose': 'prefetch' });
  }

  async #visit(first: URL): Promise<void> {
    let url: URL | undefined = first;
    let isViaProxy = false;
    for (let redirects = 0; url && redirects <= mostRedirects; redirects++) {
      if (this.unreported.has(url.pathname)) return;
      const { response, entry } = await this.#ask(url, isViaProxy ? viaProxy : {});
      if (!entry) this.unreported.add(url.pathname);
      else if (!isUnfollowed(entry)) this.#followed = url;
      const target = redirectOf(url, response);
      // An application that wants TLS expects a proxy, so the page is requested as by one.
      if (!isViaProxy && target && wantsTls(url, target)) isViaProxy = true;
      // Redirects to other sites are not followed.
      else url = target?.origin === url.origin ? target : undefined;
    }
  }

  /** Opens a page, and waits for the application's report of it. */
  async #ask(url: URL, headers: object): Promise<{ response: IncomingMessage; entry: Entry | undefined }> {
    const { lastSeq } = this.#devApi.store;
    const response = await open(url, { ...this.#cookie, ...headers }, this.#signal);
    return { response, entry: await this.#reportOf(url, lastSeq) };
  }

  async #untilReady(url: URL): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!(await isListening(url))) {
      this.#signal.throwIfAborted();
      if (Date.now() > deadline) {
        throw new CommandError(
          `Nothing is listening at ${url.origin} after ${patienceMs / 1000} s. Is it the right address?`,
        );
      }
      await delay(askEveryMs, undefined, { signal: this.#signal });
    }
  }

  /** Waits for the entry of a visit. It counts looks, since a busy machine delays them as much as the report. */
  async #reportOf({ pathname }: URL, afterSeq: number): Promise<Entry | undefined> {
    for (let looks = 0; looks < mostLooks; looks++) {
      const entries = this.#devApi.store.entriesAfter(afterSeq);
      const found = entries.find((entry) => pathOf(entry) === pathname);
      if (found) return found;
      await delay(lookEveryMs, undefined, { signal: this.#signal });
    }
    return undefined;
  }
}

const viaProxy = { 'x-forwarded-proto': 'https' };

function redirectOf(
  url: URL,
  { statusCode = 0, headers: { location = '' } }: IncomingMessage,
): URL | undefined {
  const isRedirect = statusCode >= 300 && statusCode <= 399 && URL.canParse(location, url.href);
  return isRedirect ? new URL(location, url) : undefined;
}

/** Whether a redirect leads to the same host by TLS. */
function wantsTls(from: URL, to: URL): boolean {
  return from.protocol === 'http:' && to.protocol === 'https:' && to.hostname === from.hostname;
}

async function isListening({ protocol, hostname, port }: URL): Promise<boolean> {
  const usualPort = protocol === 'https:' ? 443 : 80;
  const socket = connect(Number(port) || usualPort, hostname.replace(/^\[|\]$/g, ''));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function open(url: URL, headers: object, stop: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(patienceMs)]);
  return new Promise((resolve, reject) => {
    const fail = ({ message }: Error): void => {
      reject(new CommandError(`${url.href} cannot be visited: ${message}`));
    };
    const outgoing = request(url, { headers: { ...browser, ...headers }, agent: false, signal });
    outgoing.once('error', fail).once('response', (response) => {
      // A page counts once it was sent completely.
      response.once('end', () => resolve(response)).once('error', fail);
      response.resume();
    });
    outgoing.end();
  });
}

function pathOf(entry: Entry): string | undefined {
  if (entry.type === 'accepted') return entry.visitUrl && new URL(entry.visitUrl).pathname;
  if (entry.type !== 'report' || entry.report.type !== 'skipped') return undefined;
  const { method, path } = entry.report;
  return method === 'GET' ? path : undefined;
}

function isUnfollowed(entry: Entry): boolean {
  return entry.type === 'report' && entry.report.type === 'skipped' && entry.report.reason === 'not_followed';
}
