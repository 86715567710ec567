import type { BatchOptions } from '../transport/transport.js';

/** Decides how many events the next request carries, and how long a batch waits to fill up. */
export class Batching {
  readonly #options: Required<BatchOptions> | undefined;
  /** Whether the API reported that it has no batches. */
  #isMissing = false;
  /** When a batch began to fill up. */
  #since: number | undefined;

  constructor(options: Required<BatchOptions> | undefined) {
    this.#options = options;
  }

  /** Whether events go out in batches. */
  get isOn(): boolean {
    return this.#options !== undefined && !this.#isMissing;
  }

  /** The API has no batches: every event goes alone. */
  stop(): void {
    this.#isMissing = true;
  }

  /** More than the batches is missing, so that batches may be there after all. */
  resume(): void {
    this.#isMissing = false;
  }

  /** The number of events in the next request, with so many `available`; 0 while the batch fills up. */
  next(available: number, now: number, isAwaited: boolean): number {
    if (!this.#options || this.#isMissing) return 1;
    const { maxEvents, maxWaitMs } = this.#options;
    this.#since ??= now;
    if (available < maxEvents && now < this.#since + maxWaitMs && !isAwaited) return 0;
    this.#since = undefined;
    return maxEvents;
  }

  /** Whether a batch fills up, and one more event changes nothing about that. */
  isFillingUp(available: number): boolean {
    if (!this.#options || this.#isMissing || this.#since === undefined) return false;
    return available < this.#options.maxEvents;
  }

  /** When a batch goes, full or not. */
  get dueAt(): number {
    if (!this.#options || this.#since === undefined) return Number.POSITIVE_INFINITY;
    return this.#since + this.#options.maxWaitMs;
  }
}
