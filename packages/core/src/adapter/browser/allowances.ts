import { Recent } from '../../runtime/recent.js';

/** How many reports a sender may make, and when that was computed. */
interface Allowance {
  left: number;
  at: number;
}

/** How fast one sender may report. */
interface Pace {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** How fast a contact may report. From the design: faster than a person reads. */
export const contactPace: Pace = { atOnce: 30, perSecond: 1 };

/** How fast the unknown visitors on one connection may report: a proxy's connection carries many. Our choice. */
const connectionPace: Pace = { atOnce: 60, perSecond: 10 };

/** Senders that are remembered, at least. Our choice: more than read at the same time, some 200 bytes each. */
const leastRemembered = 5_000;

/** Limits how fast each sender may report. */
export class Allowances {
  readonly #pace: Pace;
  readonly #recent: Recent<string, Allowance>;

  constructor(pace: Pace, least: number = leastRemembered) {
    this.#pace = pace;
    this.#recent = new Recent(least);
  }

  /** Whether the sender may report now, which counts as a report. */
  take(sender: string, now: number): boolean {
    let allowance = this.#recent.get(sender);
    if (!allowance) {
      allowance = newAllowance(this.#pace, now);
      this.#recent.set(sender, allowance);
    }
    return takeFrom(allowance, this.#pace, now);
  }
}

/** Limits how fast the unknown visitors on each connection may report. It is forgotten with the connection. */
export class ConnectionAllowances {
  readonly #allowances = new WeakMap<object, Allowance>();

  take(connection: object, now: number): boolean {
    const allowance = this.#allowances.get(connection) ?? newAllowance(connectionPace, now);
    this.#allowances.set(connection, allowance);
    return takeFrom(allowance, connectionPace, now);
  }
}

function newAllowance({ atOnce }: Pace, now: number): Allowance {
  return { left: atOnce, at: now };
}

function takeFrom(allowance: Allowance, { atOnce, perSecond }: Pace, now: number): boolean {
  const passedMs = Math.max(0, now - allowance.at);
  allowance.left = Math.min(atOnce, allowance.left + (passedMs / 1000) * perSecond);
  allowance.at = now;
  if (allowance.left < 1) return false;
  allowance.left -= 1;
  return true;
}
