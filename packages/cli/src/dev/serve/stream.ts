import type { ServerResponse } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { DevApi } from '../api/dev-api.js';
import type { Budget, Faults, StreamMessage } from '../protocol.js';

const maxEntriesInMessage = 1000;

/** How often an idle connection gets a comment, so that a broken one is noticed. */
const heartbeatMs = 15_000;

const reconnectMs = 1000;

/**
 * The connection of one page. It sends the difference between what was sent and what is there now, as fast as the page
 * reads: nothing is buffered for a slow page, which gets fewer messages and misses what was deleted in between.
 */
export class PageStream {
  readonly #response: ServerResponse;
  readonly #devApi: DevApi;
  #seq: number;
  #clearedUpTo: number;
  #budget: Budget | null;
  #faults: Faults;
  #isFull = false;

  /** @param after - the last entry that the page has: `<runId>/<seq>`, or the number alone */
  constructor(response: ServerResponse, devApi: DevApi, after: string | undefined) {
    const hello = devApi.hello();
    this.#response = response;
    this.#devApi = devApi;
    this.#seq = readAfter(after, hello.runId, devApi.store.lastSeq);
    this.#clearedUpTo =
      this.#seq > 0 ? Math.min(this.#seq, devApi.store.clearedUpTo) : devApi.store.clearedUpTo;
    this.#budget = hello.budget;
    this.#faults = hello.faults;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`retry: ${reconnectMs}\n\n`);
    const heartbeat = setInterval(() => this.#isFull || response.write(':\n\n'), heartbeatMs);
    response.once('close', () => clearInterval(heartbeat));
    response.on('drain', () => {
      this.#isFull = false;
      this.update();
    });
    this.#write(hello);
    this.update();
  }

  update(): void {
    if (this.#isFull || this.#response.destroyed) return;
    for (const message of this.#changes()) {
      this.#write(message);
      if (this.#isFull) return;
    }
  }

  *#changes(): Generator<StreamMessage> {
    const { store } = this.#devApi;
    const { clearedUpTo } = store;
    if (clearedUpTo > this.#clearedUpTo) {
      this.#clearedUpTo = clearedUpTo;
      yield { type: 'cleared', upTo: clearedUpTo };
    }
    for (;;) {
      const entries = store.entriesAfter(this.#seq, maxEntriesInMessage);
      const newest = entries.at(-1);
      if (!newest) break;
      this.#seq = newest.seq;
      yield { type: 'entries', entries };
    }
    const { budget, faults } = this.#devApi.hello();
    if (faults !== this.#faults) {
      this.#faults = faults;
      yield { type: 'faults', faults };
    }
    if (!isDeepStrictEqual(budget, this.#budget)) {
      this.#budget = budget;
      yield { type: 'budget', budget };
    }
  }

  #write(message: StreamMessage): void {
    // With the id of the run: after a restart the same number is another entry.
    const id = `id: ${this.#devApi.runId}/${this.#seq}\n`;
    this.#isFull = !this.#response.write(`${id}data: ${JSON.stringify(message)}\n\n`);
  }
}

/** The number after which a page continues; 0 where its entries are of another run. */
function readAfter(after: string | undefined, runId: string, lastSeq: number): number {
  const [, run = runId, seq = '0'] = /^(?:(.*)\/)?(\d{1,15})$/.exec(after ?? '') ?? [];
  return run === runId && Number(seq) <= lastSeq ? Number(seq) : 0;
}
