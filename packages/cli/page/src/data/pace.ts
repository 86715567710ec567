export interface Second {
  accepted: number;
  rejected: number;
  /** Answered by a fault that was switched on. */
  fault: number;
}

const empty: Readonly<Second> = { accepted: 0, rejected: 0, fault: 0 };

export function totalOf({ accepted, rejected, fault }: Second): number {
  return accepted + rejected + fault;
}

/** How much arrived in each of the last seconds. */
export class Pace {
  readonly #seconds: (Second & { second: number })[];

  constructor(seconds: number) {
    this.#seconds = Array.from({ length: seconds }, () => ({ second: 0, ...empty }));
  }

  count(at: number, outcome: keyof Second): void {
    const second = Math.floor(at / 1000);
    const slot = this.#slot(second);
    if (slot.second > second) return;
    if (slot.second < second) Object.assign(slot, { second, ...empty });
    slot[outcome]++;
  }

  /** The last seconds, oldest first; the one that is under way is the last. */
  upTo(now: number): readonly Second[] {
    const last = Math.floor(now / 1000);
    return this.#seconds.map((_, index) => {
      const second = last - this.#seconds.length + 1 + index;
      const slot = this.#slot(second);
      return slot.second === second ? slot : empty;
    });
  }

  /** How much arrived in the last second that is over. */
  inSecondBefore(now: number): number {
    return totalOf(this.upTo(now).at(-2) ?? empty);
  }

  #slot(second: number): Second & { second: number } {
    // Never undefined: the remainder is an index.
    return this.#seconds[second % this.#seconds.length] as Second & { second: number };
  }
}
