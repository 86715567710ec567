import type {
  ReceivedAccount,
  ReceivedContact,
  ReceivedEvent,
  ReceivedMessage,
  ReceivedRequest,
} from './received.js';

/** How long to wait for what is expected. */
export interface WaitOptions {
  /**
   * Milliseconds until the wait is given up.
   * @defaultValue 5 000, our choice
   */
  readonly timeoutMs?: number;
}

interface Wait {
  readonly isOver: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: string) => void;
}

/** What the fake API received, and those who wait for more of it. */
export class Inbox {
  readonly requests: ReceivedRequest[] = [];
  readonly events: ReceivedEvent[] = [];
  readonly pageviews: ReceivedEvent[] = [];
  readonly contacts: ReceivedContact[] = [];
  readonly accounts: ReceivedAccount[] = [];
  readonly #waits: Set<Wait> = new Set();
  #isClosed = false;

  /** Keeps a request, before it is answered. */
  add(request: ReceivedRequest): void {
    this.requests.push(request);
    this.#wake();
  }

  /** Keeps what an accepted request brought. */
  accept(messages: readonly ReceivedMessage[]): void {
    const lists = { event: this.events, contact: this.contacts, account: this.accounts };
    for (const { kind, fields } of messages) {
      keep(lists[kind], fields);
      if (kind === 'event' && fields.event_uid === 'pageview') keep(this.pageviews, fields);
    }
    this.#wake();
  }

  /** Empties the arrays, which stay the same for all that hold one. */
  clear(): void {
    this.requests.length = 0;
    this.events.length = 0;
    this.pageviews.length = 0;
    this.contacts.length = 0;
    this.accounts.length = 0;
  }

  /** Resolves as soon as there are `count` of them. */
  waitFor(
    what: 'requests' | 'events',
    count: number,
    { timeoutMs = 5_000 }: WaitOptions = {},
  ): Promise<void> {
    const list = this[what];
    if (list.length >= count) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => wait.reject(`within ${timeoutMs} ms`), timeoutMs);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waits.delete(wait);
        settle();
      };
      const wait: Wait = {
        isOver: () => list.length >= count,
        resolve: () => end(resolve),
        reject: (reason) =>
          end(() =>
            reject(
              new Error(
                `expected ${count} ${count === 1 ? what.slice(0, -1) : what}, got ${list.length} ${reason}${this.#lastProblem()}`,
              ),
            ),
          ),
      };
      this.#waits.add(wait);
      if (this.#isClosed) wait.reject('before the fake API was closed');
    });
  }

  /** Ends every wait: nothing more will come. */
  close(): void {
    this.#isClosed = true;
    for (const wait of this.#waits) wait.reject('before the fake API was closed');
  }

  #wake(): void {
    for (const wait of this.#waits) if (wait.isOver()) wait.resolve();
  }

  // Usually the reason why an event did not come.
  #lastProblem(): string {
    const rejected = this.requests.findLast(({ problem }) => problem !== undefined);
    return rejected === undefined ? '' : `; the last problem was ${rejected.status}: ${rejected.problem}`;
  }
}

/** Accepted fields have the type of the list, since they passed the contract. */
function keep(list: unknown[], fields: ReceivedMessage['fields']): void {
  list.push(fields);
}
