import type { QueueHost } from '../queue/queue.js';
import { type DropReason, dropReasons, type SkipReason, skipReasons } from '../reasons.js';
import { settledBy } from '../runtime/timers.js';

/** How a wait for delivery ended. */
export interface FlushResult {
  /** Events that were delivered while it lasted. */
  readonly delivered: number;
  /** Events that were accepted before it began, and are neither delivered nor dropped. */
  readonly pending: number;
}

interface Waiter {
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
  /** Events that were tracked here and accepted, and are neither delivered nor dropped. */
  pending = 0;
  readonly #waiters = new Set<Waiter>();
  /** Whether nothing more will be delivered. */
  #isOver = false;

  /** Whether a `flush` or `close` waits for delivery. */
  get isAwaited(): boolean {
    return this.#waiters.size > 0;
  }

  accept(): number {
    this.accepted++;
    this.pending++;
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
    this.pending -= tracked;
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

  /** Waits for everything that was accepted so far, until a deadline. */
  async wait(deadline: number): Promise<FlushResult> {
    const waiter: Waiter = { lastId: this.#lastId, delivered: 0, pending: this.pending, finish() {} };
    const done = new Promise<void>((resolve) => {
      waiter.finish = resolve;
    });
    this.#waiters.add(waiter);
    if (waiter.pending === 0 || this.#isOver) waiter.finish();
    await settledBy(deadline, done);
    this.#waiters.delete(waiter);
    return { delivered: waiter.delivered, pending: waiter.pending };
  }

  /** Ends all waits, future ones included: pending events stay pending. */
  stopWaiting(): void {
    this.#isOver = true;
    for (const { finish } of this.#waiters) finish();
  }

  #settle(id: number, delivered: 0 | 1): void {
    if (id < 0) return;
    this.pending--;
    for (const waiter of this.#waiters) {
      if (id > waiter.lastId) continue;
      waiter.delivered += delivered;
      if (--waiter.pending === 0) waiter.finish();
    }
  }
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}
