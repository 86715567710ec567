import type { QueueHost } from '../queue/queue.js';
import { type DropReason, dropReasons, type SkipReason, skipReasons } from '../reasons.js';

/** How a wait for delivery ended. */
export interface FlushResult {
  /** Events that were delivered while it lasted. */
  readonly delivered: number;
  /** Events that were accepted before it began, and are neither delivered nor dropped. */
  readonly pending: number;
}

/** A wait for everything that was accepted before it began. */
interface Waiter {
  readonly done: Promise<void>;
  readonly progress: FlushResult;
  /** Ends the wait; called in any case. */
  stop(): void;
}

interface Waiting {
  readonly lastId: number;
  delivered: number;
  pending: number;
  finish(): void;
}

/**
 * Keeps the account of every event: accepted, then delivered or dropped, each once. Ids rise with acceptance, so
 * that a wait knows which events concern it.
 */
export class Ledger {
  accepted = 0;
  delivered = 0;
  readonly dropped: Record<DropReason, number> = zeros(dropReasons);
  /** Pageviews of adapters, and the requests that were none. */
  recorded = 0;
  readonly skipped: Record<SkipReason, number> = zeros(skipReasons);
  /** The last id of an event that was tracked here, and of one that was taken over. */
  #lastId = 0;
  #lastAdoptedId = Number.MIN_SAFE_INTEGER;
  #pending = 0;
  readonly #waiters = new Set<Waiting>();
  /** Whether nothing more will be delivered. */
  #isOver = false;

  /** Whether a `flush` or `close` waits for delivery. */
  get isAwaited(): boolean {
    return this.#waiters.size > 0;
  }

  /** Events that were tracked here and accepted, and are neither delivered nor dropped. */
  get pending(): number {
    return this.#pending;
  }

  /** Accepts an event, and returns its id. */
  accept(): number {
    this.accepted++;
    this.#pending++;
    return ++this.#lastId;
  }

  /** Takes over an event of another process, and returns its id. No wait includes it. */
  adopt(): number {
    this.accepted++;
    return ++this.#lastAdoptedId;
  }

  /** Gives up events that another process took over. A wait for one of them lasts for as long as it may. */
  disown({ tracked, adopted }: Parameters<QueueHost['disown']>[0]): void {
    this.accepted -= tracked + adopted;
    this.#pending -= tracked;
  }

  /** Counts an event that was not valid, and so never accepted. */
  reject(): void {
    this.dropped.invalid++;
  }

  settleDelivered(id: number): void {
    this.delivered++;
    this.#settle(id, 1);
  }

  /** An update that a later one replaced counts as if it had never been accepted. */
  retract(id: number): void {
    this.accepted--;
    this.#settle(id, 0);
  }

  settleDropped(id: number, reason: DropReason): void {
    this.dropped[reason]++;
    this.#settle(id, 0);
  }

  wait(): Waiter {
    let finish = (): void => {};
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const waiting: Waiting = { lastId: this.#lastId, delivered: 0, pending: this.#pending, finish };
    this.#waiters.add(waiting);
    if (waiting.pending === 0 || this.#isOver) finish();
    return {
      done,
      get progress() {
        return { delivered: waiting.delivered, pending: waiting.pending };
      },
      stop: () => this.#waiters.delete(waiting),
    };
  }

  /** Ends all waits, future ones included: pending events stay pending. */
  stopWaiting(): void {
    this.#isOver = true;
    for (const { finish } of this.#waiters) finish();
  }

  #settle(id: number, delivered: 0 | 1): void {
    if (id < 0) return;
    this.#pending--;
    for (const waiting of this.#waiters) {
      if (id > waiting.lastId) continue;
      waiting.delivered += delivered;
      if (--waiting.pending === 0) waiting.finish();
    }
  }
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}
