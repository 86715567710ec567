import { setTimeout } from 'node:timers/promises';
import { CommandError } from '@successeve/command-line';
import { createTracker, type Tracker, type TrackerStats, type TrackingError } from '@successeve/core';
import { inOptionNames } from '../../api-options.js';
import type { ImportFiles } from '../keep/import-files.js';
import type { LineLedger, Outcome } from '../keep/line-ledger.js';
import { type Rejection, rejectedBy } from '../keep/rejected-file.js';
import type { Mapping } from '../map/mapping.js';
import { BadLine, type Line, type LineSource } from '../read/line.js';
import { LineQueue } from './line-queue.js';

/**
 * The most lines in memory: twice what can be in flight, which is 16 requests of 100 events. It bounds the journal
 * too.
 */
const maxOpenLines = 3200;
const maxOpenBytes = 16 * 1024 * 1024;

/** How long requests in flight may take once the import stops. */
const stopMs = 5_000;

/** Why an import ends before the end of its file. */
export type Interruption = NodeJS.Signals | Error;

export interface ImportRunOptions {
  readonly source: LineSource;
  readonly mapping: Mapping;
  readonly ledger: LineLedger;
  readonly apiUrl: string;
  readonly apiToken: string;
  readonly batch: boolean;
  readonly say: (text: string) => void;
}

/** Sends the lines of a file that are not settled yet. */
export class ImportRun {
  /** How many lines without a time it has delivered. */
  undatedDelivered = 0;
  readonly #source: LineSource;
  readonly #mapping: Mapping;
  readonly #ledger: LineLedger;
  readonly #queue: LineQueue;
  readonly #tracker: Tracker;
  readonly #say: (text: string) => void;
  #files: ImportFiles | undefined;
  #interruption: Interruption | undefined;
  #isSaveDue = false;
  readonly #undated = new WeakSet<Line>();
  #onChange: () => void = () => {};

  /** @throws TrackingError with the code `invalid_options` for a token or URL that cannot be right */
  constructor({ source, mapping, ledger, apiUrl, apiToken, batch, say }: ImportRunOptions) {
    this.#source = source;
    this.#mapping = mapping;
    this.#ledger = ledger;
    this.#say = say;
    this.#queue = new LineQueue((lines, rejection) => this.#settle(lines, rejection));
    this.#tracker = createTracker({
      apiUrl,
      apiToken,
      batch,
      queue: this.#queue,
      // An invalid line throws at the call.
      strict: true,
      // The import handles signals itself.
      flushOnExit: false,
      onError: (error) => this.#onError(error),
      logger: { debug: say, warn: say, error: say },
    });
  }

  stats(): TrackerStats {
    return this.#tracker.stats();
  }

  get isStopping(): boolean {
    return this.#interruption !== undefined;
  }

  interrupt(interruption: Interruption): void {
    this.#interruption ??= interruption;
    this.#queue.stop();
    this.#onChange();
  }

  /** @returns why it ended before every line was settled, or undefined. */
  async run(files: ImportFiles): Promise<Interruption | undefined> {
    this.#files = files;
    try {
      await this.#readAll();
    } catch (error) {
      this.interrupt(error as Error);
    }
    await this.#end();
    return this.#interruption;
  }

  async #readAll(): Promise<void> {
    for await (const line of this.#source.lines(this.#ledger.state.position)) {
      if (this.#interruption) return;
      if (!this.#ledger.read(line)) continue;
      this.#take(line);
      while (this.#isFull && !this.#interruption) await this.#change();
    }
    while (this.#ledger.open.lines > 0 && !this.#interruption) await this.#change();
  }

  #take(line: Line): void {
    if (line.content.type === 'blank') return this.#settleAs(line, 'blank');
    try {
      const event = this.#mapping.read(line.content, Date.now());
      if (event.isUndated) this.#undated.add(line);
      this.#queue.add(line, event.occurredAt, () => event.track(this.#tracker));
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
        if (this.#undated.has(line)) this.undatedDelivered++;
      }
    }
    // Before another request begins: after a crash, only what was in flight can be sent twice.
    this.#save();
    this.#onChange();
  }

  #reject(line: Line, rejection: Rejection): void {
    this.#files?.reject(line, rejection);
    this.#settleAs(line, 'rejected');
  }

  #settleAs(line: Line, outcome: Outcome): void {
    this.#ledger.settle(line, outcome);
    if (this.#isSaveDue) return;
    this.#isSaveDue = true;
    // Lines that are read in one turn are saved together.
    setImmediate(() => this.#save());
  }

  #save(): void {
    if (!this.#isSaveDue) return;
    this.#isSaveDue = false;
    try {
      this.#files?.write(null);
    } catch (error) {
      // A line that cannot be recorded as sent must not be sent.
      this.interrupt(error as Error);
    }
  }

  get #isFull(): boolean {
    const { lines, bytes } = this.#ledger.open;
    return lines >= maxOpenLines || bytes >= maxOpenBytes;
  }

  /** Resolves when lines were settled, or the import stops. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange = resolve;
    });
  }

  #onError(error: TrackingError): void {
    const { code, status, message, cause } = error;
    if (code === 'callback_failed') return this.interrupt(cause instanceof Error ? cause : error);
    const problem = inOptionNames(message);
    // A 400 may be about the line or about the token: the tracker tries other lines.
    const isHopeless = code === 'misconfigured' && status !== 400 && this.stats().delivered === 0;
    if (isHopeless) this.interrupt(new CommandError(problem));
    else this.#say(problem);
  }

  async #end(): Promise<void> {
    const isStopped = this.#interruption !== undefined;
    const deadline = Date.now() + stopMs;
    while (isStopped && this.stats().inFlight > 0 && Date.now() < deadline) await setTimeout(10);
    await this.#tracker.close(isStopped ? { timeoutMs: 0 } : {});
    this.#save();
    if (!this.isStopping) this.#files?.write(new Date().toISOString());
  }
}
