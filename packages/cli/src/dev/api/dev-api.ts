import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createFakeApiHandler,
  type FakeApiHandler,
  type RateLimitOptions,
} from '@successeve/testing/handler';
import { throttle } from '../../throttle.js';
import { Store } from '../keep/store.js';
import type { Faults, Hello, RequestDetails } from '../protocol.js';
import { curlFor } from './curl.js';
import { repliesOf } from './faults.js';
import { receive } from './receive.js';

export interface DevApiOptions {
  /** The only valid token; undefined accepts any. */
  readonly token?: string | undefined;
  readonly rateLimit?: RateLimitOptions | undefined;
  readonly faults: Faults;
  /**
   * The most entries to keep.
   * @defaultValue 100 000
   */
  readonly maxEntries?: number | undefined;
}

/** Followers are notified at most this often. */
const groupMs = 50;

const maxBytes = 256 * 1024 * 1024;

/** The API of `successeve dev`: answers requests, keeps what they sent, and notifies its followers. */
export class DevApi {
  /** The value for `apiUrl`; set once the server listens. */
  apiUrl = '';
  /** Different in every run. */
  readonly runId: string = randomUUID();
  readonly store: Store;
  readonly #api: FakeApiHandler;
  readonly #takesAnyToken: boolean;
  readonly #followers = new Set<() => void>();
  readonly #changed = throttle(() => this.#notify(), groupMs);
  #faults: Faults;

  constructor({ token, rateLimit, faults, maxEntries = 100_000 }: DevApiOptions) {
    this.store = new Store(maxEntries, maxBytes, this.#changed);
    this.#takesAnyToken = token === undefined;
    this.#api = createFakeApiHandler({ token, rateLimit, replies: repliesOf(faults) });
    this.#faults = faults;
  }

  /** Answers a request to the Tracking API, and keeps it. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#api.handle(request, response, (settled) => {
      this.store.addRequest(...receive(settled, request.rawHeaders));
      // A ping adds no entry, but it takes from the budget.
      this.#changed();
    });
  }

  problemOfToken(request: IncomingMessage): string | undefined {
    return this.#api.problemOfToken(request);
  }

  hello(): Hello {
    return {
      type: 'hello',
      runId: this.runId,
      apiUrl: this.apiUrl,
      newest: this.store.lastSeq,
      maxEntries: this.store.maxEntries,
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

  /** Calls a listener after changes, at most every 50 ms. @returns a function that removes it. */
  follow(listener: () => void): () => void {
    this.#followers.add(listener);
    return () => this.#followers.delete(listener);
  }

  /** Notifies the followers of the last changes. */
  close(): void {
    this.#changed.flush();
  }

  #notify(): void {
    for (const listener of this.#followers) listener();
  }
}
