import type { BudgetObserver } from './observed-budget.js';

/** The usual budget of a token, from the vendor's reference. */
export const usualLimit = 900;
export const usualWindowMs = 300_000;

/** The speed so far, and the budget. */
export interface Pace extends Partial<Pick<BudgetObserver, 'limit' | 'windowMs'>> {
  readonly elapsedMs: number;
  /** Requests in that time. */
  readonly requests: number;
}

/** How long requests take under the usual budget alone: those of the first window need no time. */
export function budgetMs(requests: number): number {
  return (Math.max(0, requests - usualLimit) / usualLimit) * usualWindowMs;
}

/**
 * How long the rest takes. What is left of a window needs no time, and the others wait for the next windows: the speed
 * so far means little before there have been some windows.
 *
 * @returns undefined while it is unknown.
 */
export function timeLeftMs(
  requestsLeft: number,
  { elapsedMs, requests, limit, windowMs = usualWindowMs }: Pace,
): number | undefined {
  const measuredMs = requests > 0 ? elapsedMs / requests : undefined;
  const isUnlimited = limit === undefined && requests > usualLimit;
  const atOnce = Math.max(0, (limit ?? usualLimit) - requests);
  if (isUnlimited || requestsLeft <= atOnce) return measuredMs && requestsLeft * measuredMs;
  const allowedMs = windowMs / (limit ?? usualLimit);
  const eachMs = elapsedMs > 2 * windowMs ? Math.max(measuredMs ?? 0, allowedMs) : allowedMs;
  return (requestsLeft - atOnce) * eachMs;
}
