import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { RequestMessage, TrackerStats } from '@successeve/core';
import { inOptionNames } from '../../api-options.js';
import { timeOfDay } from '../show/words.js';
import { BudgetObserver } from './observed-budget.js';

const channel = 'successeve:request';

export class Requests {
  /** Requests that were delivered or rejected, and the events in them. */
  count = 0;
  events = 0;
  #last: RequestMessage['result'] = 'delivered';
  readonly budget: BudgetObserver = new BudgetObserver();
  readonly #note = (message: unknown): void => {
    const { result, events, rateLimit } = message as RequestMessage;
    if (rateLimit) this.budget.observe(rateLimit, Date.now());
    this.#last = result;
    if (result !== 'delivered' && result !== 'rejected') return;
    this.count++;
    this.events += events;
  };

  constructor() {
    subscribe(channel, this.#note);
  }

  stop(): void {
    unsubscribe(channel, this.#note);
  }

  /** Why nothing is sent at the moment; undefined while events are sent. */
  waiting({ pausedUntil, lastError }: TrackerStats): string | undefined {
    if (pausedUntil === null) return undefined;
    const isProblem = this.#last === 'unavailable' || this.#last === 'misconfigured';
    const why = isProblem && lastError ? inOptionNames(lastError.message) : 'budget spent';
    return `${why}, resumes at ${timeOfDay(pausedUntil)}`;
  }
}
