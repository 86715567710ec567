import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createFakeApiHandler,
  type FakeApiHandler,
  type RateLimitOptions,
} from '@successeve/testing/handler';
import { Store } from '../keep/store.js';
import type { Faults, Hello, RequestDetails } from '../protocol.js';
import { type Throttled, throttle } from '../throttle.js';
import { curlFor } from './curl.js';
import { repliesOf } from './faults.js';
import { receive } from './receive.js';
import { readReports } from './reports.js';

export interface DeskOptions {
  /** The one right token; any, where there is none. */
  readonly token?: string | undefined;
  readonly rateLimit?: RateLimitOptions | undefined;
  readonly faults: Faults;
  /**
   * The most entries that are kept.
   * @defaultValue 100 000
   */
  readonly maxEntries?: number | undefined;
}

/** Followers are told of what happened at most this often. */
const groupMs = 50;

const maxBytes = 256 * 1024 * 1024;

/** Where everything comes together: the API that answers, what it received, and who wants to know of it. */
export class Desk {
  /** What `apiUrl` has to be; known once the server listens. */
  apiUrl = '';
  /** Another one for every run. */
  readonly runId: string = randomUUID();
  readonly store: Store;
  readonly #api: FakeApiHandler;
  readonly #takesAnyToken: boolean;
  readonly #followers = new Set<() => void>();
  readonly #changed: Throttled;
  #faults: Faults;
  #windowEndsAt: number | null = null;

  constructor({ token, rateLimit, faults, maxEntries = 100_000 }: DeskOptions) {
    this.#changed = throttle(groupMs, () => {
      for (const tell of this.#followers) tell();
    });
    this.store = new Store({ maxEntries, maxBytes }, this.#changed);
    this.#takesAnyToken = token === undefined;
    this.#api = createFakeApiHandler({ token, rateLimit, replies: repliesOf(faults) });
    this.#faults = faults;
  }

  /** Lets the API answer a request. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#api.handle(request, response, (settled) => {
      const { request: kept, entries } = receive(settled, request.rawHeaders);
      this.store.addRequest(kept, entries);
      // Also where nothing is kept, as of a ping: the budget is another one.
      this.#changed();
      this.#tellOfReset();
    });
  }

  problemOfToken(request: IncomingMessage): string | undefined {
    return this.#api.problemOfToken(request);
  }

  /** Keeps what a tracker reports. */
  report(body: unknown): void {
    this.store.addReports(readReports(body, Date.now()));
  }

  hello(): Hello {
    return {
      type: 'hello',
      runId: this.runId,
      apiUrl: this.apiUrl,
      newest: this.store.lastSeq,
      maxEntries: this.store.limits.maxEntries,
      budget: this.#api.rateLimit ?? null,
      faults: this.#faults,
    };
  }

  details(requestId: number): RequestDetails | undefined {
    const request = this.store.request(requestId);
    if (!request) return undefined;
    const shown = { ...request, headers: JSON.parse(request.headers) };
    return { ...shown, curl: curlFor(this.apiUrl, shown, this.#takesAnyToken) };
  }

  setFaults(faults: Faults): void {
    this.#faults = faults;
    this.#api.reply(repliesOf(faults));
    this.#changed();
  }

  /** Calls back soon after anything happened, at most every 50 ms, until the answer is called. */
  follow(tell: () => void): () => void {
    this.#followers.add(tell);
    return () => this.#followers.delete(tell);
  }

  /** Calls back for what has just happened. */
  close(): void {
    this.#changed.flush();
  }

  /** Tells once more when the window of the rate limit ends, which needs no request. */
  #tellOfReset(): void {
    const resetsAt = this.#api.rateLimit?.resetsAt ?? null;
    if (resetsAt === this.#windowEndsAt || resetsAt === null) return;
    this.#windowEndsAt = resetsAt;
    setTimeout(this.#changed, resetsAt - Date.now()).unref();
  }
}
