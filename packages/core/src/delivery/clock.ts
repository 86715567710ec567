/**
 * Epoch milliseconds that never go back. Pauses are moments: with a clock that is set back by an hour, one of a second
 * would last an hour.
 */
export class Clock {
  #last = 0;
  /** How far this is ahead of the machine's clock. */
  #ahead = 0;

  now(): number {
    const now = this.fromEpoch(Date.now());
    if (now < this.#last) this.#ahead += this.#last - now;
    this.#last = Math.max(this.#last, now);
    return this.#last;
  }

  /** The moment that the machine's clock calls `epochMs`. */
  fromEpoch(epochMs: number): number {
    return epochMs + this.#ahead;
  }

  /** What the machine's clock calls a moment. */
  toEpoch(moment: number): number {
    return moment - this.#ahead;
  }
}
