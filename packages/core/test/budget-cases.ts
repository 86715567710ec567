import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** How a request ended, and what its response said about the budget. */
export interface BudgetAnswer {
  readonly status: 'delivered' | 'rate_limited' | 'unavailable' | 'misconfigured';
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetsInMs?: number;
}

/** A budget under test: `Gate` for one tracker, the script in Redis for a fleet. Its delays are 500 ms to 60 s. */
export interface BudgetSubject {
  /** Starts one more request, where that is allowed; returns whether it was. */
  take(): boolean | Promise<boolean>;
  /** Ends the oldest request that is under way. */
  answer(answer: BudgetAnswer): void | Promise<void>;
  /** Lets time pass, or moves everything that the budget remembers into the past. */
  pass(ms: number): void | Promise<void>;
}

/** One step of a case. `granted` requests may start, one after another; at a `denied` step none may. */
type Step =
  | { readonly granted: number }
  | { readonly denied: true }
  | { readonly answered: BudgetAnswer; readonly times?: number }
  | { readonly passed: number };

const granted = (count: number): Step => ({ granted: count });
const denied: Step = { denied: true };
const answered = (
  status: BudgetAnswer['status'],
  reported: Omit<BudgetAnswer, 'status'> = {},
  times = 1,
): Step => ({ answered: { status, ...reported }, times });
const passed = (ms: number): Step => ({ passed: ms });

/** Sixteen requests at once are known to work, and the API has not reported a budget. */
const atFullSpeed: readonly Step[] = Array.from({ length: 5 }, () => [
  granted(1),
  answered('delivered'),
]).flat();

const minute = 60_000;

/**
 * The rules of a budget, each by an example. Delays have full jitter; here each is as long as it may be.
 *
 * The two budgets differ where these examples leave room. `Gate` doubles the number of requests under way with each
 * answer, since one process has no other reason to hold back. The script takes one failure for an event's fault, since
 * another relay may be sending well, and takes the third for an outage.
 */
const cases: Readonly<Record<string, readonly Step[]>> = {
  'one request goes alone until the API has answered': [
    granted(1),
    denied,
    answered('delivered'),
    granted(2),
  ],
  'a budget that is not known sets no bounds': [...atFullSpeed, granted(16)],
  'no more requests are under way than remain': [
    ...atFullSpeed,
    granted(1),
    answered('delivered', { limit: 100, remaining: 5, resetsInMs: minute }),
    granted(5),
    denied,
    answered('delivered', { limit: 100, remaining: 4, resetsInMs: minute }),
    denied,
  ],
  'a response that reports no budget is counted': [
    ...atFullSpeed,
    granted(1),
    answered('delivered', { limit: 100, remaining: 5, resetsInMs: minute }),
    granted(2),
    answered('delivered', {}, 2),
    granted(3),
    denied,
  ],
  'responses overtake each other: within a window the budget only shrinks': [
    ...atFullSpeed,
    granted(2),
    answered('delivered', { limit: 100, remaining: 5, resetsInMs: minute }),
    answered('delivered', { limit: 100, remaining: 7, resetsInMs: minute }),
    granted(5),
    denied,
  ],
  'with nothing left, everything waits for the reset, though the event was delivered': [
    ...atFullSpeed,
    granted(1),
    answered('delivered', { limit: 100, remaining: 0, resetsInMs: 5_000 }),
    denied,
    passed(4_000),
    denied,
    passed(1_500),
    granted(1),
  ],
  'a 429 with a reset makes everything wait for it': [
    ...atFullSpeed,
    granted(1),
    answered('rate_limited', { resetsInMs: 5_000 }),
    denied,
    passed(4_000),
    denied,
    passed(1_500),
    granted(1),
  ],
  'a 429 that says nothing of a reset is backed off from, and probed': [
    ...atFullSpeed,
    granted(1),
    answered('rate_limited'),
    denied,
    passed(2_500),
    granted(1),
    denied,
    answered('rate_limited'),
    denied,
    passed(2_500),
    granted(1),
    answered('delivered'),
    granted(2),
  ],
  'after the reset there is a new window, of the limit that the last had': [
    ...atFullSpeed,
    granted(1),
    answered('delivered', { limit: 3, remaining: 0, resetsInMs: 1_000 }),
    denied,
    passed(1_500),
    granted(1),
    answered('delivered'),
    granted(2),
    denied,
  ],
  'an assumed budget is never counted down to nothing: only the API knows when it is spent': [
    ...atFullSpeed,
    granted(1),
    answered('delivered', { limit: 2, remaining: 0, resetsInMs: 1_000 }),
    passed(1_500),
    granted(1),
    answered('delivered'),
    granted(1),
    denied,
    answered('delivered'),
    granted(1),
    denied,
  ],
  'an assumed budget is believed for one window of five minutes': [
    ...atFullSpeed,
    granted(1),
    answered('delivered', { limit: 1, remaining: 0, resetsInMs: 1_000 }),
    passed(1_500),
    granted(1),
    denied,
    answered('delivered'),
    passed(5 * minute),
    granted(2),
  ],
  'a limit of nothing is asked about with one request': [
    ...atFullSpeed,
    granted(1),
    answered('delivered', { limit: 0, remaining: 0, resetsInMs: 1_000 }),
    denied,
    passed(1_500),
    granted(1),
    denied,
  ],
  'a response whose window is over says nothing of the next': [
    ...atFullSpeed,
    granted(2),
    answered('delivered', { limit: 8, remaining: 7, resetsInMs: 1_000 }),
    passed(1_500),
    answered('delivered', { limit: 8, remaining: 1, resetsInMs: 0 }),
    granted(8),
  ],
  'an API that is away is probed by one request at a time, then everything goes on': [
    ...atFullSpeed,
    granted(3),
    answered('unavailable', {}, 3),
    denied,
    passed(2_500),
    granted(1),
    denied,
    answered('unavailable'),
    denied,
    passed(2_500),
    granted(1),
    answered('delivered'),
    granted(2),
  ],
  'probes of an outage are a fifth of its length apart, and at most the longest delay': [
    ...atFullSpeed,
    granted(3),
    answered('unavailable', {}, 3),
    passed(100_000),
    ...Array.from({ length: 5 }, () => [granted(1), answered('unavailable'), passed(45_000)]).flat(),
    ...Array.from({ length: 12 }, () => [granted(1), answered('unavailable'), passed(62_000)]).flat(),
    granted(1),
  ],
  'a faulty set-up is left alone for a minute between probes': [
    ...atFullSpeed,
    granted(1),
    answered('misconfigured'),
    denied,
    passed(59_000),
    denied,
    passed(2_000),
    granted(1),
    denied,
    answered('misconfigured'),
    passed(59_000),
    denied,
  ],
};

/** Runs every rule against a budget. */
export function describeBudget(name: string, create: () => BudgetSubject | Promise<BudgetSubject>): void {
  describe(`the rules of a budget: ${name}`, () => {
    beforeEach(() => {
      vi.spyOn(Math, 'random').mockReturnValue(1);
    });
    afterEach(() => {
      vi.restoreAllMocks();
    });

    it.each(Object.entries(cases))('%s', async (_, steps) => {
      const subject = await create();
      for (const [index, step] of steps.entries()) {
        const where = `step ${index}: ${JSON.stringify(step)}`;
        if ('passed' in step) await subject.pass(step.passed);
        else if ('denied' in step) expect(await subject.take(), where).toBe(false);
        else if ('granted' in step)
          for (let n = 0; n < step.granted; n++) expect(await subject.take(), where).toBe(true);
        else for (let n = 0; n < (step.times ?? 1); n++) await subject.answer(step.answered);
      }
    });
  });
}
