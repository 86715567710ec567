import type { RequestMessage } from '@successeve/core';

/** A window with no more requests than one tracker has in flight has just started. */
const mostInFlight = 16;

/** Measures the windows of the budget: the API reports when each ends, but not how long it is. */
export class BudgetObserver {
  /** Requests in a window; undefined where the API reports none. */
  limit: number | undefined;
  /** The length of a window; undefined before one was seen from its start. */
  windowMs: number | undefined;
  #resetsAt: number | undefined;

  observe({ limit, remaining, resetsAt }: NonNullable<RequestMessage['rateLimit']>, now: number): void {
    this.limit = limit;
    if (limit === undefined || resetsAt === undefined || resetsAt === null) return;
    const isNew = this.#resetsAt !== undefined && resetsAt > this.#resetsAt && now >= this.#resetsAt;
    const isFresh = remaining !== undefined && remaining >= limit - mostInFlight;
    this.#resetsAt = resetsAt;
    if (isNew || isFresh || this.windowMs !== undefined) {
      this.windowMs = Math.max(this.windowMs ?? 0, resetsAt - now);
    }
  }
}
