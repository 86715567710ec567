import { flushOnExit } from '#platform';
import type { FlushResult, Ledger } from '../delivery/ledger.js';
import type { Sender } from '../delivery/sender.js';
import type { Reporter } from '../reporting/reporter.js';
import type { Exiting } from '../runtime/flush-on-exit.js';
import { longestTimerMs, settledBy } from '../runtime/timers.js';
import type { Intake } from './intake.js';

export interface FlushOptions {
  /**
   * The longest wait, in milliseconds.
   * @defaultValue 10 000
   */
  timeoutMs?: number;
}

const defaultFlushMs = 10_000;

/** How long requests that were cut off may take to end, and the last reports to a local API. */
const cutOffMs = 250;

/** How long a platform may be kept after a response, of the 30 s that Cloudflare Workers grant. */
const keptAliveMs = 25_000;

/** How often to check whether another request's end has ended a delivery. Our choice. */
const reviveEveryMs = 1_000;

/** The events of one request that wait for its contact. */
export interface WaitingForContact {
  readonly waiting: number;
  /** The tracker is about to close: events whose contact is known by now are submitted. */
  askAgain(): void;
  /** The tracker is closed: the events that still wait are dropped. */
  giveUp(): void;
}

interface ClosingParts {
  readonly intake: Intake;
  readonly ledger: Ledger;
  readonly sender: Sender;
  readonly reporter: Reporter;
  readonly flushesOnExit: boolean;
}

/** Waits for delivery, and ends a tracker: at `close`, or with the process. */
export class Closing implements Exiting {
  readonly #parts: ClosingParts;
  /** Calls of `identify` that are pending; events may follow them. */
  readonly #pendingCalls = new Set<Promise<unknown>>();
  /** Requests with events that wait for their contact. */
  readonly waiting: Set<WaitingForContact> = new Set();
  /** What ends with the tracker. */
  readonly #watches = new Map<string, () => void>();
  #closed: Promise<FlushResult> | undefined;

  constructor(parts: ClosingParts) {
    this.#parts = parts;
    if (parts.flushesOnExit) this.watch('exit', () => flushOnExit(this));
  }

  flush(options?: FlushOptions): Promise<FlushResult> {
    return this.#flush(deadlineOf(options));
  }

  close(options?: FlushOptions): Promise<FlushResult> {
    this.#closed ??= this.#close(deadlineOf(options));
    return this.#closed;
  }

  /**
   * Delivers what waits, for a platform where nothing goes on between requests: resolves when nothing is left to do, or
   * when such platforms end.
   *
   * @returns `undefined` where there is nothing to do.
   */
  deliver(): Promise<void> | undefined {
    return this.#isBusy ? this.#deliver(performance.now() + keptAliveMs) : undefined;
  }

  /** Events that are not delivered yet, and calls of `identify`, which events may follow. */
  get pending(): number {
    return this.#parts.ledger.pending + this.#pendingCalls.size;
  }

  probeAndFlush(options: FlushOptions): Promise<FlushResult> {
    this.#parts.sender.probeNow();
    return this.flush(options);
  }

  async stopDelivery(): Promise<void> {
    const { sender, reporter } = this.#parts;
    sender.stop();
    await settledBy(performance.now() + cutOffMs, Promise.all([sender.drain(), reporter.flush()]));
  }

  stop(): void {
    this.#giveUpWaiting();
    this.#parts.intake.isClosed = true;
    this.#parts.sender.close();
  }

  warn(message: string): void {
    this.#parts.reporter.warn(message);
  }

  /** Lets `flush` and `close` wait for a call of `identify`. */
  expect(call: Promise<unknown>): void {
    this.#pendingCalls.add(call);
    const forget = (): boolean => this.#pendingCalls.delete(call);
    call.then(forget, forget);
  }

  /** Starts what ends with the tracker, such as a subscription: once for each name, and never after the end. */
  watch(name: string, start: () => () => void): void {
    if (this.#watches.has(name) || this.#parts.intake.isClosed) return;
    this.#watches.set(name, start());
  }

  async #flush(deadline: number): Promise<FlushResult> {
    const calls = [...this.#pendingCalls];
    const accepted = await this.#delivery(deadline);
    if (calls.length === 0) return accepted;
    await settledBy(deadline, Promise.allSettled(calls));
    const submitted = await this.#delivery(deadline);
    return {
      delivered: accepted.delivered + submitted.delivered,
      pending: submitted.pending + this.#pendingCalls.size,
    };
  }

  /** What is accepted in the meantime is delivered too: what other requests began may run on this one's time. */
  async #deliver(deadline: number): Promise<void> {
    do {
      this.#parts.sender.revive();
      await this.#flush(Math.min(deadline, performance.now() + reviveEveryMs));
    } while (this.#isBusy && performance.now() < deadline);
  }

  #delivery(deadline: number): Promise<FlushResult> {
    const { ledger, sender } = this.#parts;
    const result = ledger.wait(deadline);
    void sender.pumpNow();
    return result;
  }

  async #close(deadline: number): Promise<FlushResult> {
    const { intake, ledger, sender, reporter } = this.#parts;
    const deliveredBefore = ledger.delivered;
    sender.probeNow();
    for (const request of this.waiting) request.askAgain();
    // What is accepted during the close is delivered too, as long as there is time.
    do await this.#flush(deadline);
    while (this.pending > 0 && performance.now() < deadline);
    intake.isClosed = true;
    // Of events that were taken over from another process, only those in flight are waited for; the rest stays queued.
    if (performance.now() < deadline) await settledBy(deadline, sender.drain());
    const waiting = this.#giveUpWaiting();
    await settledBy(performance.now() + cutOffMs, reporter.flush());
    for (const end of this.#watches.values()) end();
    this.#watches.clear();
    const pending = ledger.pending + waiting;
    sender.close();
    return { delivered: ledger.delivered - deliveredBefore, pending };
  }

  /** Drops the events that wait for a contact, and returns how many there were. */
  #giveUpWaiting(): number {
    let count = 0;
    for (const request of this.waiting) {
      count += request.waiting;
      request.giveUp();
    }
    return count;
  }

  get #isBusy(): boolean {
    return this.pending > 0 || this.#parts.sender.eventsInFlight > 0;
  }
}

/** When to stop waiting, by a clock that is never set. */
function deadlineOf(options: FlushOptions | undefined): number {
  const { timeoutMs = defaultFlushMs } = options ?? {};
  const wait = Number.isNaN(Number(timeoutMs)) ? defaultFlushMs : timeoutMs;
  return performance.now() + Math.min(Math.max(0, wait), longestTimerMs);
}
