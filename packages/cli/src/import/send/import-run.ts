import { setTimeout } from 'node:timers/promises';
import { CommandError } from '@successeve/command-line';
import { createTracker, type Tracker, type TrackerStats, type TrackingError } from '@successeve/core';
import { BadLine } from '../keep/bad-line.js';
import type { Books } from '../keep/import-files.js';
import type { Account, Outcome } from '../keep/line-ledger.js';
import { type Rejection, rejectedBy } from '../keep/rejected-file.js';
import { isUndated, timeOf, trackLine } from '../map/imported-event.js';
import type { Mapping } from '../map/mapping.js';
import type { Line, LineSource } from '../read/line.js';
import { inOptionNames } from '../show/words.js';
import { LineQueue } from './line-queue.js';

/**
 * The most lines that are held at a time: twice what can be under way, which is 16 requests of 100 events. It bounds
 * the journal too.
 */
const maxOpenLines = 3200;
const maxOpenBytes = 16 * 1024 * 1024;

/** How long what is under way may take once the import is to stop. */
const stopMs = 5_000;

/** Why an import ends before its file does. */
export type Interruption = NodeJS.Signals | Error;

export interface ImportRunOptions {
  readonly source: LineSource;
  readonly mapping: Mapping;
  readonly account: Account;
  readonly apiUrl: string;
  readonly apiToken: string;
  readonly batch: boolean;
  /** Takes what there is to say meanwhile. */
  readonly say: (text: string) => void;
}

/** Imports a file, or what is left of it. */
export class ImportRun {
  readonly #source: LineSource;
  readonly #mapping: Mapping;
  readonly #account: Account;
  readonly #queue: LineQueue;
  readonly #tracker: Tracker;
  readonly #say: (text: string) => void;
  #books: Books | undefined;
  #interruption: Interruption | undefined;
  #isNoteDue = false;
  /** Lines that are sent and do not say when it happened. */
  readonly #undated = new WeakSet<Line>();
  #undatedDelivered = 0;
  #onChange: () => void = () => {};

  /** @throws TrackingError with the code `invalid_options` for a token or URL that cannot be right */
  constructor({ source, mapping, account, apiUrl, apiToken, batch, say }: ImportRunOptions) {
    this.#source = source;
    this.#mapping = mapping;
    this.#account = account;
    this.#say = say;
    this.#queue = new LineQueue((lines, rejection) => this.#settle(lines, rejection));
    this.#tracker = createTracker({
      apiUrl,
      apiToken,
      batch,
      queue: this.#queue,
      // A line that is no event is told at the call.
      strict: true,
      // Who stops an import is told how to go on.
      flushOnExit: false,
      onError: (error) => this.#onError(error),
      logger: { debug: say, warn: say, error: say },
    });
  }

  /** What became of what was sent. */
  stats(): TrackerStats {
    return this.#tracker.stats();
  }

  /** How many lines were delivered in this run that do not say when it happened. */
  get undatedDelivered(): number {
    return this.#undatedDelivered;
  }

  get isStopping(): boolean {
    return this.#interruption !== undefined;
  }

  /** Stops: no more lines are read or sent. */
  interrupt(interruption: Interruption): void {
    this.#interruption ??= interruption;
    this.#queue.stop();
    this.#onChange();
  }

  /** @returns why it ended before every line was settled, if it did. */
  async run(books: Books): Promise<Interruption | undefined> {
    this.#books = books;
    try {
      await this.#readAll();
    } catch (error) {
      this.interrupt(error as Error);
    }
    await this.#end();
    return this.#interruption;
  }

  async #readAll(): Promise<void> {
    for await (const line of this.#source.lines(this.#account.state.position)) {
      if (this.#interruption) return;
      if (!this.#account.read(line)) continue;
      this.#take(line);
      while (this.#isFull && !this.#interruption) await this.#change();
    }
    while (this.#account.open.lines > 0 && !this.#interruption) await this.#change();
  }

  #take(line: Line): void {
    if (line.content.type === 'blank') return this.#settleAs(line, 'blank');
    try {
      const told = this.#mapping.read(line.content);
      const occurredAt = timeOf(told, Date.now());
      if (isUndated(told, occurredAt)) this.#undated.add(line);
      this.#queue.add(line, occurredAt, () => trackLine(this.#tracker, told, occurredAt));
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      this.#reject(line, { reason: `invalid: ${error.message}` });
    }
  }

  #settle(lines: readonly Line[], rejection: TrackingError | undefined): void {
    for (const line of lines) {
      if (rejection) this.#reject(line, rejectedBy(rejection));
      else {
        this.#settleAs(line, 'delivered');
        if (this.#undated.has(line)) this.#undatedDelivered++;
      }
    }
    // Before another request begins: then what may be sent twice is never more than was under way.
    this.#note();
    this.#onChange();
  }

  #reject(line: Line, rejection: Rejection): void {
    this.#books?.reject(line, rejection);
    this.#settleAs(line, 'rejected');
  }

  #settleAs(line: Line, outcome: Outcome): void {
    this.#account.settle(line, outcome);
    if (this.#isNoteDue) return;
    this.#isNoteDue = true;
    // Many lines that are read in one go are noted in one go.
    setImmediate(() => this.#note());
  }

  /** Writes down what became of lines. */
  #note(): void {
    if (!this.#isNoteDue) return;
    this.#isNoteDue = false;
    try {
      this.#books?.write(null);
    } catch (error) {
      // What cannot be written down must not be sent.
      this.interrupt(error as Error);
    }
  }

  get #isFull(): boolean {
    const { lines, bytes } = this.#account.open;
    return lines >= maxOpenLines || bytes >= maxOpenBytes;
  }

  /** Resolves when lines were settled, or the import is to stop. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange = resolve;
    });
  }

  #onError(error: TrackingError): void {
    const { code, status, message, cause } = error;
    if (code === 'callback_failed') return this.interrupt(cause instanceof Error ? cause : error);
    const problem = inOptionNames(message);
    // 400 may be about a line as well as about the token: then others are tried.
    const isHopeless = code === 'misconfigured' && status !== 400 && this.stats().delivered === 0;
    if (isHopeless) this.interrupt(new CommandError(problem));
    else this.#say(problem);
  }

  async #end(): Promise<void> {
    const isStopped = this.#interruption !== undefined;
    const deadline = Date.now() + stopMs;
    while (isStopped && this.stats().inFlight > 0 && Date.now() < deadline) await setTimeout(10);
    await this.#tracker.close(isStopped ? { timeoutMs: 0 } : {});
    this.#note();
    if (!this.isStopping) this.#books?.write(new Date().toISOString());
  }
}
