/** The budget of a token, as the API last reported it. */
export interface RateLimit {
  /** Requests in a window, if reported. */
  readonly limit: number | undefined;
  /** Requests left in this window, if reported. */
  readonly remaining: number | undefined;
  /** When the window resets, in epoch milliseconds, if reported. */
  readonly resetsAt: number | undefined;
}

/** Reads one header of a response, by its lower-case name. */
export type HeaderReader = (name: string) => string | null | undefined;

/** The longest wait that a header can ask for: three of the API's windows. */
const maxWaitMs = 15 * 60_000;

/** Clocks that differ by less count as equal. Our choice: `Date` has whole seconds, and a response takes time to arrive. */
const maxClockDifferenceMs = 2_000;

/**
 * Reads the budget from the headers of a response. The vendor's reference puts them on a 429; any may have them.
 *
 * @returns `undefined` for a response without a budget.
 */
export function readRateLimit(status: number, header: HeaderReader, now: number): RateLimit | undefined {
  const limit = readCount(header('x-ratelimit-limit'));
  const remaining = readCount(header('x-ratelimit-remaining'));
  const there = readClock(header('date'), now);
  const reset = readWait(header('x-ratelimit-reset'), there);
  // Elsewhere, as on a 503, it is not about the budget.
  const retryAfter = status === 429 ? readWait(header('retry-after'), there) : undefined;
  const longest = Math.max(reset ?? -1, retryAfter ?? -1);
  if (limit === undefined && remaining === undefined && longest < 0) return undefined;
  return { limit, remaining, resetsAt: longest < 0 ? undefined : now + Math.min(longest, maxWaitMs) };
}

function readCount(value: string | null | undefined): number | undefined {
  return value && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : undefined;
}

/** The time at the API. A `Date` has whole seconds only, so it counts where the two clocks clearly differ. */
function readClock(date: string | null | undefined, now: number): number {
  const there = date ? Date.parse(date) : Number.NaN;
  return Math.abs(there - now) > maxClockDifferenceMs ? there : now;
}

/** Reads a wait in either form, as seconds or as a moment, and returns it in milliseconds from now. */
function readWait(value: string | null | undefined, now: number): number | undefined {
  if (!value) return undefined;
  const number = Number(value);
  if (Number.isNaN(number)) {
    const date = Date.parse(value);
    return Number.isNaN(date) ? undefined : Math.max(0, date - now);
  }
  // The reference does not say whether the reset is a delay or a Unix time; below 10^9 it can only be a delay.
  if (number < 1e9) return Math.max(0, number * 1000);
  const epochMs = number < 1e12 ? number * 1000 : number;
  return Math.max(0, epochMs - now);
}
