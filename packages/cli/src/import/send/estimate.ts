/** The API's budget, from the vendor's reference: so many requests in so much time for each token. */
export const usualLimit = 900;
const windowMs = 300_000;

/** What is known of the speed so far. */
export interface Pace {
  readonly elapsedMs: number;
  /** Requests in that time. */
  readonly requests: number;
  /** Requests in a window, if the API told it. */
  readonly limit?: number | undefined;
}

/** How long so many requests take with nothing but the budget in the way: the first window's worth goes at once. */
export function budgetMs(requests: number, limit: number = usualLimit): number {
  return (Math.max(0, requests - limit) / limit) * windowMs;
}

/**
 * How long the rest will take. What is left of a window goes at once and the others as the budget is renewed, so that
 * the speed so far says little before there have been some windows.
 *
 * @returns nothing while nothing tells it.
 */
export function timeLeftMs(requestsLeft: number, { elapsedMs, requests, limit }: Pace): number | undefined {
  const measuredMs = requests > 0 ? elapsedMs / requests : undefined;
  const isUnlimited = limit === undefined && requests > usualLimit;
  const atOnce = Math.max(0, (limit ?? usualLimit) - requests);
  if (isUnlimited || requestsLeft <= atOnce) return measuredMs && requestsLeft * measuredMs;
  const allowedMs = windowMs / (limit ?? usualLimit);
  const eachMs = elapsedMs > 2 * windowMs ? Math.max(measuredMs ?? 0, allowedMs) : allowedMs;
  return (requestsLeft - atOnce) * eachMs;
}
