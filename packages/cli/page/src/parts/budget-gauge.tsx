import type { VNode } from 'preact';
import { now } from '../view/frames.js';
import { budget } from '../view/state.js';
import { countdown, duration } from '../words/times.js';

export function BudgetGauge(): VNode {
  if (!budget.value) {
    return (
      <div class="budget">
        <span class="name">Budget</span>
        <span class="unit">no limit</span>
      </div>
    );
  }
  const { limit, windowMs, resetsAt } = budget.value;
  const at = Math.max(now.value, Date.now());
  // The end of a window needs no message of the server.
  const isOpen = resetsAt !== null && resetsAt > at;
  const remaining = isOpen ? budget.value.remaining : limit;
  const share = remaining / limit;
  const level = remaining === 0 ? 'spent' : share < 0.15 ? 'low' : 'fine';
  return (
    <div
      class={`budget ${level}`}
      title={`${limit.toLocaleString('en')} requests in ${duration(windowMs)}: then the API answers 429 until the reset`}
    >
      <span class="name">Budget</span>
      <b>{remaining.toLocaleString('en')}</b> <span class="unit">of {limit.toLocaleString('en')} left</span>
      <div
        class="meter"
        role="meter"
        aria-label="Requests left of the budget"
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={remaining}
      >
        <div style={{ width: `${share * 100}%` }} />
      </div>
      <span class="unit resets">{isOpen && `resets in ${countdown(resetsAt - at)}`}</span>
    </div>
  );
}
