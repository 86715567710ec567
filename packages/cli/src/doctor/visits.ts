import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError } from '@successeve/command-line';
import type { DevApi } from '../dev/api/dev-api.js';
import type { Entry } from '../dev/protocol.js';

/** How long an application may take to start, and then to answer: a development server compiles first. */
const startsWithinMs = 60_000;
const answersWithinMs = 60_000;

const askEveryMs = 100;

/** How long it may take, after an answer, to tell what became of the request; a tracker reports every 50 ms. */
const tellsWithinMs = 5_000;

const mostRedirects = 5;

/** What a server sees of a browser that opens a page. */
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

/** What the application told of one visit after the other. */
interface Told {
  /** The paths of which it told nothing. */
  readonly unheard: Set<string>;
  /** A page that the adapter saw. */
  followed: URL | undefined;
}

/** Makes the visits, once the application answers. @returns the paths of which it told nothing. */
export async function makeVisits(
  urls: readonly URL[],
  devApi: DevApi,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const told: Told = { unheard: new Set(), followed: undefined };
  for (const url of urls) {
    await untilReady(url, signal);
    await visit(url, { devApi, signal, told });
  }
  // Reports may be later than events, but not than a later report: a prefetch is no pageview, so it has one.
  if (told.followed) await ask(told.followed, { 'sec-purpose': 'prefetch' }, devApi, signal);
  return [...told.unheard];
}

async function visit(
  first: URL,
  { devApi, signal, told }: { devApi: DevApi; signal: AbortSignal; told: Told },
): Promise<void> {
  let url: URL | undefined = first;
  let headers = {};
  for (let redirects = 0; url && redirects <= mostRedirects; redirects++) {
    if (told.unheard.has(url.pathname)) return;
    const { answer, entry } = await ask(url, headers, devApi, signal);
    if (!entry) told.unheard.add(url.pathname);
    else if (!isUnfollowed(entry)) told.followed = url;
    // Where TLS is wanted a proxy is to take it, so the page is asked for as that one does.
    if (headers !== viaProxy && wantsTls(url, answer)) headers = viaProxy;
    else url = targetOf(url, answer);
  }
}

const viaProxy = { 'x-forwarded-proto': 'https' };

/** Whether an answer leads to the same page, by TLS. */
function wantsTls(url: URL, { headers: { location = '' } }: IncomingMessage): boolean {
  if (!URL.canParse(location, url.href)) return false;
  const target = new URL(location, url);
  return url.protocol === 'http:' && target.protocol === 'https:' && target.hostname === url.hostname;
}

/** Where a redirect leads to, if that is the same application. */
function targetOf(
  url: URL,
  { statusCode = 0, headers: { location = '' } }: IncomingMessage,
): URL | undefined {
  if (statusCode < 300 || statusCode > 399 || !URL.canParse(location, url.href)) return undefined;
  const target = new URL(location, url);
  return target.origin === url.origin ? target : undefined;
}

/** Opens a page, and waits for what the application tells of it. */
async function ask(
  url: URL,
  headers: object,
  devApi: DevApi,
  signal: AbortSignal,
): Promise<{ answer: IncomingMessage; entry: Entry | undefined }> {
  const { lastSeq } = devApi.store;
  const answer = await open(url, headers, signal);
  return { answer, entry: await toldOf(url, devApi, lastSeq) };
}

async function untilReady(url: URL, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + startsWithinMs;
  while (!(await isListening(url))) {
    signal.throwIfAborted();
    if (Date.now() > deadline) {
      throw new CommandError(
        `Nothing is listening at ${url.origin} after ${startsWithinMs / 1000} s. Is it the right address?`,
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
  const signal = AbortSignal.any([stop, AbortSignal.timeout(answersWithinMs)]);
  return new Promise((resolve, reject) => {
    const fail = ({ message }: Error): void => {
      reject(new CommandError(`${url.href} cannot be visited: ${message}`));
    };
    const outgoing = request(url, { headers: { ...browser, ...headers }, agent: false, signal });
    outgoing.once('error', fail).once('response', (answer) => {
      // A page counts when it was sent to its end.
      answer.once('end', () => resolve(answer)).once('error', fail);
      answer.resume();
    });
    outgoing.end();
  });
}

/** What the application tells of a visit, in time. */
function toldOf({ pathname }: URL, devApi: DevApi, afterSeq: number): Promise<Entry | undefined> {
  return new Promise((resolve) => {
    const end = (entry?: Entry): void => {
      clearTimeout(timer);
      unfollow();
      resolve(entry);
    };
    const look = (): void => {
      const entries = devApi.store.entriesAfter(afterSeq, Number.POSITIVE_INFINITY);
      const found = entries.find((entry) => pathOf(entry) === pathname);
      if (found) end(found);
    };
    const timer = setTimeout(end, tellsWithinMs);
    const unfollow = devApi.follow(look);
    look();
  });
}

/** The path of the visit that an entry is about. */
function pathOf(entry: Entry): string | undefined {
  if (entry.type === 'accepted') return entry.visitUrl && new URL(entry.visitUrl).pathname;
  if (entry.type !== 'report' || entry.report.type !== 'skipped') return undefined;
  const { method, path } = entry.report;
  return method === 'GET' ? path : undefined;
}

function isUnfollowed(entry: Entry): boolean {
  return entry.type === 'report' && entry.report.type === 'skipped' && entry.report.reason === 'not_followed';
}
