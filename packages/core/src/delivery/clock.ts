/**
 * Epoch milliseconds that never go back. Pauses are moments: with a clock that is set back by an hour, one of a second
 * would last an hour.
 */
export class Clock {
  #last = 0;
  /** How far this is ahead of the machine's clock. */
  #ahead = 0;

  now(): number {
    const now = Date.now() + this.#ahead;
    if (now < this.#last) this.#ahead += this.#last - now;
    this.#last = Math.max(this.#last, now);
    return this.#last;
  }

  /** The moment that is `epochMs` on the machine's clock. */
  fromEpoch(epochMs: number | undefined): number | undefined {
    return epochMs === undefined ? undefined : epochMs + this.#ahead;
  }

  /** What the machine's clock shows at a moment. */
  toEpoch(moment: number | undefined): number | undefined {
    return moment === undefined ? undefined : moment - this.#ahead;
  }
}
