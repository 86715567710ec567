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

/** The reports of the application about the visits. */
interface Outcome {
  /** The paths without a report. */
  readonly unreported: Set<string>;
  /** A page that the adapter saw. */
  followed: URL | undefined;
}

/** Makes the visits once the application listens. @returns the paths without a report. */
export async function makeVisits(
  urls: readonly URL[],
  cookies: readonly string[],
  devApi: DevApi,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const outcome: Outcome = { unreported: new Set(), followed: undefined };
  const cookie = cookies.length > 0 ? { cookie: cookies.join('; ') } : {};
  for (const url of urls) {
    await untilReady(url, signal);
    await visit(url, cookie, { devApi, signal, outcome });
  }
  // A report may come after an event, but not after a later report: that of this prefetch is the last.
  if (outcome.followed) await ask(outcome.followed, { ...cookie, 'sec-purpose': 'prefetch' }, devApi, signal);
  return [...outcome.unreported];
}

async function visit(
  first: URL,
  cookie: object,
  { devApi, signal, outcome }: { devApi: DevApi; signal: AbortSignal; outcome: Outcome },
): Promise<void> {
  let url: URL | undefined = first;
  let isViaProxy = false;
  for (let redirects = 0; url && redirects <= mostRedirects; redirects++) {
    if (outcome.unreported.has(url.pathname)) return;
    const { response, entry } = await ask(url, { ...cookie, ...(isViaProxy && viaProxy) }, devApi, signal);
    if (!entry) outcome.unreported.add(url.pathname);
    else if (!isUnfollowed(entry)) outcome.followed = url;
    const target = redirectOf(url, response);
    // An application that wants TLS expects a proxy, so the page is requested as by one.
    if (!isViaProxy && target && wantsTls(url, target)) isViaProxy = true;
    // Redirects to other sites are not followed.
    else url = target?.origin === url.origin ? target : undefined;
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

/** Opens a page, and waits for the application's report of it. */
async function ask(
  url: URL,
  headers: object,
  devApi: DevApi,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; entry: Entry | undefined }> {
  const { lastSeq } = devApi.store;
  const response = await open(url, headers, signal);
  return { response, entry: await reportOf(url, devApi, lastSeq, signal) };
}

async function untilReady(url: URL, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isListening(url))) {
    signal.throwIfAborted();
    if (Date.now() > deadline) {
      throw new CommandError(
        `Nothing is listening at ${url.origin} after ${patienceMs / 1000} s. Is it the right address?`,
      );
    }
    await delay(askEveryMs, undefined, { signal });
  }
}

async function isListening({ protocol, hostname, port }: URL): Promise<boolean> {
  const socket = connect(
    Number(port) || (protocol === 'https:' ? 443 : 80),
    hostname.replace(/^\[|\]$/g, ''),
  );
  const isConnected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return isConnected;
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

/** Waits for the entry of a visit. It counts looks, since a busy machine delays them as much as the report. */
async function reportOf(
  { pathname }: URL,
  devApi: DevApi,
  afterSeq: number,
  signal: AbortSignal,
): Promise<Entry | undefined> {
  for (let looks = 0; looks < mostLooks; looks++) {
    const entries = devApi.store.entriesAfter(afterSeq, Number.POSITIVE_INFINITY);
    const found = entries.find((entry) => pathOf(entry) === pathname);
    if (found) return found;
    await delay(lookEveryMs, undefined, { signal });
  }
  return undefined;
}

/** The path of the visit in an entry. */
function pathOf(entry: Entry): string | undefined {
  if (entry.type === 'accepted') return entry.visitUrl && new URL(entry.visitUrl).pathname;
  if (entry.type !== 'report' || entry.report.type !== 'skipped') return undefined;
  const { method, path } = entry.report;
  return method === 'GET' ? path : undefined;
}

function isUnfollowed(entry: Entry): boolean {
  return entry.type === 'report' && entry.report.type === 'skipped' && entry.report.reason === 'not_followed';
}
