import { longestTimerMs, nextTurn, startTimer, type Timer } from './timers.js';

/** Calls a function in the next turn of the event loop, or at a moment; one of each at a time. */
export class Alarm {
  readonly #ring: () => void;
  #isDue = false;
  #timer: Timer | undefined;
  #setFor = Number.POSITIVE_INFINITY;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** The moment it is set for; infinity where it is not. */
  get setFor(): number {
    return this.#setFor;
  }

  soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    nextTurn(() => {
      this.#isDue = false;
      this.#ring();
    });
  }

  /** Sets it for a moment, or clears it, where that is infinity or has passed. */
  set(at: number, now: number): void {
    if (at === this.#setFor) return;
    clearTimeout(this.#timer);
    this.#setFor = at > now ? at : Number.POSITIVE_INFINITY;
    if (this.#setFor === Number.POSITIVE_INFINITY) return;
    this.#timer = startTimer(
      () => {
        this.#setFor = Number.POSITIVE_INFINITY;
        this.#ring();
      },
      Math.min(at - now, longestTimerMs),
    );
  }

  clear(): void {
    this.#isDue = false;
    this.set(Number.POSITIVE_INFINITY, 0);
  }
}
