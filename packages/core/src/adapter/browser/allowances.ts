/** How many reports a sender may make, and when that was computed. */
export interface Allowance {
  readonly left: number;
  readonly at: number;
}

/** How fast one sender may report. */
interface Pace {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** How fast a contact may report. From the design: faster than a person reads. */
export const contactPace: Pace = { atOnce: 30, perSecond: 1 };

/** How fast the unknown visitors on one connection may report: a proxy's connection carries many. Our choice. */
export const connectionPace: Pace = { atOnce: 60, perSecond: 10 };

/** A map that forgets by itself: a `Recent` or a `WeakMap`. */
interface AllowanceMap<Sender> {
  get(sender: Sender): Allowance | undefined;
  set(sender: Sender, allowance: Allowance): unknown;
}

/** Limits how fast each sender may report. */
export class Allowances<Sender> {
  readonly #pace: Pace;
  readonly #allowances: AllowanceMap<Sender>;

  constructor(pace: Pace, allowances: AllowanceMap<Sender>) {
    this.#pace = pace;
    this.#allowances = allowances;
  }

  /** Whether the sender may report now, which counts as a report. */
  take(sender: Sender, now: number): boolean {
    const { atOnce, perSecond } = this.#pace;
    const { left, at } = this.#allowances.get(sender) ?? { left: atOnce, at: now };
    const passedMs = Math.max(0, now - at);
    const allowed = Math.min(atOnce, left + (passedMs / 1000) * perSecond);
    const isAllowed = allowed >= 1;
    this.#allowances.set(sender, { left: isAllowed ? allowed - 1 : allowed, at: now });
    return isAllowed;
  }
}
