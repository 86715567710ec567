import type { SendResult, Transport } from '@successeve/core';
import type { Demand, Permit, SharedBudget } from './shared-budget.js';

/** The wait before another attempt while Redis is down. */
const redisDownMs = 1_000;

/** A transport that needs a permit for each request, and reports each result to all relays. */
export function withBudget(
  transport: Transport,
  budget: SharedBudget,
  hasMoreEvents: () => boolean,
): Transport {
  const ask = (demand: Demand): Promise<Permit> =>
    budget.take(demand).catch(() => ({ isGranted: false, retryAfterMs: redisDownMs }));

  return {
    async send(events, options): Promise<SendResult> {
      const isPageview = events.every(({ kind }) => kind === 'pageview');
      const permit = await ask({ isPageview, hasMoreEvents: hasMoreEvents() });
      if (!permit.isGranted) {
        const resetsAt = Date.now() + permit.retryAfterMs;
        return { status: 'rate_limited', rateLimit: { limit: undefined, remaining: 0, resetsAt } };
      }
      const result = await transport.send(events, options);
      // Not awaited: the next request asks for its permit on the same connection, and so after this.
      void budget.learn(forAll(result, options.isBatch), permit.isProbe).catch(() => {});
      return result;
    },
    close: () => transport.close?.(),
  };
}

/** An API without batches is not misconfigured: events are sent one by one then. */
function forAll(result: SendResult, isBatch: boolean): SendResult {
  const isBatchMissing = result.status === 'misconfigured' && result.error.status === 404 && isBatch;
  return isBatchMissing ? { status: 'rejected', error: result.error } : result;
}
