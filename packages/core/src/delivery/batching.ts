import type { BatchOptions } from '../transport/transport.js';

/** Decides how many events the next request carries, and how long a batch waits to fill up. */
export class Batching {
  readonly #wanted: Required<BatchOptions> | undefined;
  /** None while the API has no batches. */
  #options: Required<BatchOptions> | undefined;
  /** When a batch began to fill up. */
  #since: number | undefined;

  constructor(options: Required<BatchOptions> | undefined) {
    this.#wanted = options;
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#options !== undefined;
  }

  /** The API has no batches: every event goes alone. */
  stop(): void {
    this.#options = undefined;
  }

  /** More than the batches is missing, so that batches may be there after all. */
  resume(): void {
    this.#options = this.#wanted;
  }

  /** The number of events in the next request, with so many `available`; 0 while the batch fills up. */
  next(available: number, now: number, isAwaited: boolean): number {
    if (!this.#options) return 1;
    const { maxEvents, maxWaitMs } = this.#options;
    this.#since ??= now;
    if (available < maxEvents && now < this.#since + maxWaitMs && !isAwaited) return 0;
    this.#since = undefined;
    return maxEvents;
  }

  /** Whether a batch fills up, and one more event changes nothing about that. */
  isFillingUp(available: number): boolean {
    if (!this.#options || this.#since === undefined) return false;
    return available < this.#options.maxEvents;
  }

  /** When a batch goes, full or not. */
  get dueAt(): number {
    if (!this.#options || this.#since === undefined) return Number.POSITIVE_INFINITY;
    return this.#since + this.#options.maxWaitMs;
  }
}
