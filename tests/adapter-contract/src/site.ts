import type { IncomingHttpHeaders } from 'node:http';
import type { FlushResult, SkipReason, TrackerOptions, TrackingError } from '@successeve/core';
import { createTracker, type DroppedEvent, type DropReason, type Tracker } from '@successeve/core';
import type { TrackingOptions } from '@successeve/core/adapter';
import { type FakeApi, type Replies, startFakeApi } from '@successeve/testing';
import { onTestFinished } from 'vitest';
import type { AdapterUnderTest, Application, RunningApplication, User } from './adapter.js';
import { type Answer, Browser, type Headers, type Sending, type Visit } from './browser.js';
import { Exchanges } from './exchanges.js';

/** What a test sets; everything has a default. */
export interface Given<Request> {
  readonly tracker?: TrackerOptions;
  readonly tracking?: Partial<TrackingOptions<Request>>;
  readonly application?: Partial<Application>;
  readonly replies?: Replies;
}

export interface Drop {
  readonly event: DroppedEvent;
  readonly reason: DropReason;
  readonly message: string;
}

/** Opens a site that is closed when the test is over. */
export type Open<Request> = (given?: Given<Request>) => Promise<Site>;

/** The token of every tracker. No line and no error may show it. */
export const token = 'the-token-of-the-suite';

/** The user that a header names: the application's authentication, unless a test has its own. */
export function userNamedBy({ 'x-user': name }: IncomingHttpHeaders): User | undefined {
  return name ? { id: String(name), orgId: `org-of-${name}` } : undefined;
}

/** An application with our middleware, a browser in which ada is signed in, and the API behind both. */
export class Site {
  readonly url: string;
  readonly tracker: Tracker;
  readonly api: FakeApi;
  readonly browser: Browser;
  /** What the tracker reported to the application. */
  readonly errors: TrackingError[];
  readonly drops: Drop[];
  readonly lines: string[];
  readonly #exchanges: Exchanges;

  constructor(application: RunningApplication, tracker: Tracker, api: FakeApi, reported: Reported) {
    this.url = application.url;
    this.tracker = tracker;
    this.api = api;
    this.errors = reported.errors;
    this.drops = reported.drops;
    this.lines = reported.lines;
    this.#exchanges = new Exchanges(application.url);
    this.browser = new Browser(application.url, { 'x-user': 'ada' });
  }

  /** Ada visits a page. */
  get(path?: string, headers?: Headers): Promise<Answer> {
    return this.browser.send({ path, headers });
  }

  send(sending: Sending): Promise<Answer> {
    return this.browser.send(sending);
  }

  /** The beginning of a visit that a test wants to see inside. */
  start(sending: Sending): Visit {
    return this.browser.start(sending);
  }

  /** Waits until the server is done with every request, which can be after the client is. */
  ended(): Promise<void> {
    return this.#exchanges.ended();
  }

  /** Waits until everything is delivered. */
  async flush(): Promise<FlushResult> {
    await this.ended();
    return this.tracker.flush();
  }

  /** What became of the requests; reasons that did not occur are left out. */
  get outcome(): { recorded: number; skipped: Partial<Record<SkipReason, number>> } {
    const { recorded, skipped } = this.tracker.stats().pageviews;
    return {
      recorded,
      skipped: Object.fromEntries(Object.entries(skipped).filter(([, count]) => count > 0)),
    };
  }

  get visitUrls(): unknown[] {
    return this.api.pageviews.map(({ params }) => params?.visit_url);
  }

  close(): void {
    this.browser.close();
    this.#exchanges.close();
  }
}

interface Reported {
  readonly errors: TrackingError[];
  readonly drops: Drop[];
  readonly lines: string[];
}

export async function openSite<Request>(
  { mount, userOf }: AdapterUnderTest<Request>,
  { tracker: trackerOptions, tracking, application, replies = [] }: Given<Request>,
): Promise<Site> {
  const api = await startFakeApi({ token, replies });
  const reported: Reported = { errors: [], drops: [], lines: [] };
  const write = (line: string): number => reported.lines.push(line);
  const tracker = createTracker({
    apiToken: token,
    apiUrl: api.url,
    flushOnExit: false,
    retry: { minDelayMs: 10, maxDelayMs: 100 },
    onError: (error) => reported.errors.push(error),
    onDrop: (event, reason, { message }) => reported.drops.push({ event, reason, message }),
    logger: { debug: write, warn: write, error: write },
    ...trackerOptions,
  });
  const identify = (request: Request): { contactUid: string; accountUid: string } | undefined => {
    const user = userOf(request);
    return user && { contactUid: user.id, accountUid: user.orgId };
  };
  const running = await mount(
    tracker,
    { identify, ...tracking },
    {
      mounts: 1,
      trustsProxy: false,
      head: { 'content-type': 'text/html' },
      status: 200,
      authenticate: async (headers) => userNamedBy(headers),
      act: async () => {},
      ...application,
    },
  );
  const site = new Site(running, tracker, api, reported);
  onTestFinished(async () => {
    site.close();
    // First, so that an application that closes the tracker by itself does not wait for an API that hangs.
    await tracker.close({ timeoutMs: 0 });
    await running.close();
    await api.close();
  });
  return site;
}
