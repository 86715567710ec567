import type { ServerResponse } from 'node:http';
import type { Desk } from '../api/dev-api.js';
import type { Budget, Faults, StreamMessage } from '../protocol.js';
import { securityHeaders } from './security.js';

/** The most entries in one message. */
const maxEntriesInMessage = 1000;

/** How often a page hears from us although nothing happens, so that a connection that broke is noticed. */
const heartbeatMs = 15_000;

/** After what time a page whose connection broke comes back. */
const reconnectMs = 1000;

/**
 * One page that listens. It is told the difference between what it was told and what there is now, as fast as it reads:
 * nothing waits for a slow one, which is told less often, and skips what was forgotten meanwhile.
 */
export class Listener {
  readonly #response: ServerResponse;
  readonly #desk: Desk;
  #seq: number;
  #clearedUpTo: number;
  #budget: Budget | null;
  #faults: Faults;
  #isFull = false;

  /**
   * Takes a connection over.
   *
   * @param after - the last entry that the page knows: its number, behind the id of its run where it knows that
   */
  constructor(response: ServerResponse, desk: Desk, after: string | undefined) {
    const hello = desk.hello();
    this.#response = response;
    this.#desk = desk;
    this.#seq = readAfter(after, hello.runId, desk.store.lastSeq);
    this.#clearedUpTo = this.#seq > 0 ? Math.min(this.#seq, desk.store.clearedUpTo) : desk.store.clearedUpTo;
    this.#budget = hello.budget;
    this.#faults = hello.faults;
    response.writeHead(200, {
      ...securityHeaders,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    response.write(`retry: ${reconnectMs}\n\n`);
    const heartbeat = setInterval(() => this.#isFull || response.write(':\n\n'), heartbeatMs);
    response.once('close', () => clearInterval(heartbeat));
    response.on('drain', () => {
      this.#isFull = false;
      this.tell();
    });
    this.#write(hello);
    this.tell();
  }

  /** Tells what is new. */
  tell(): void {
    if (this.#isFull || this.#response.destroyed) return;
    for (const message of this.#news()) {
      this.#write(message);
      if (this.#isFull) return;
    }
  }

  *#news(): Generator<StreamMessage> {
    const { store } = this.#desk;
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
    const { budget, faults } = this.#desk.hello();
    if (faults !== this.#faults) {
      this.#faults = faults;
      yield { type: 'faults', faults };
    }
    if (!isSame(budget, this.#budget)) {
      this.#budget = budget;
      yield { type: 'budget', budget };
    }
  }

  #write(message: StreamMessage): void {
    // Behind the id of the run, so that after a restart nobody takes the numbers of another run for ours.
    const id = `id: ${this.#desk.runId}/${this.#seq}\n`;
    this.#isFull = !this.#response.write(`${id}data: ${JSON.stringify(message)}\n\n`);
  }
}

/** Where a page wants to go on. What another run numbered, it has to be told anew. */
function readAfter(after: string | undefined, runId: string, lastSeq: number): number {
  const [, run = runId, seq = '0'] = /^(?:(.*)\/)?(\d{1,15})$/.exec(after ?? '') ?? [];
  return run === runId && Number(seq) <= lastSeq ? Number(seq) : 0;
}

function isSame(one: Budget | null, other: Budget | null): boolean {
  return (
    one?.remaining === other?.remaining && one?.resetsAt === other?.resetsAt && one?.limit === other?.limit
  );
}
