import type { SendResult, Transport } from '@successeve/core';
import type { Demand, Permit, SharedBudget } from './shared-budget.js';

/** How long to wait before Redis is asked again, where it did not answer. */
const redisAwayMs = 1_000;

/** A transport that asks for leave before each request, and tells all relays what the answer said. */
export function withBudget(
  transport: Transport,
  budget: SharedBudget,
  hasMoreEvents: () => boolean,
): Transport {
  const ask = (demand: Demand): Promise<Permit> =>
    budget.take(demand).catch(() => ({ isGranted: false, retryAfterMs: redisAwayMs }));

  return {
    async send(events, options): Promise<SendResult> {
      const isPageview = events.every(({ kind }) => kind === 'pageview');
      const permit = await ask({ isPageview, hasMoreEvents: hasMoreEvents() });
      if (!permit.isGranted) {
        const resetsAt = Date.now() + permit.retryAfterMs;
        return { status: 'rate_limited', rateLimit: { limit: undefined, remaining: 0, resetsAt } };
      }
      const result = await transport.send(events, options);
      // Not waited for: the next request asks on the same connection, and so after this.
      void budget.learn(forAll(result, options.batch), permit.isProbe).catch(() => {});
      return result;
    },
    close: () => transport.close?.(),
  };
}

/** An API without batches is no fault of the set-up: events go one by one then. */
function forAll(result: SendResult, isBatch: boolean): SendResult {
  const isBatchMissing = result.status === 'misconfigured' && result.error.status === 404 && isBatch;
  return isBatchMissing ? { status: 'rejected', error: result.error } : result;
}
