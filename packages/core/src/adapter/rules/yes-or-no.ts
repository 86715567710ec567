import { describe, TrackingError } from '../../errors.js';
import type { Reporter } from '../../reporting/reporter.js';
import { isPromiseLike } from '../../runtime/promise-like.js';

export type YesOrNo = boolean | 'unclear' | 'failed';

/**
 * Wraps a function of the customer's that returns true or false. Any other result, a promise above all, is `'unclear'`
 * and reported once.
 */
export function yesOrNo<Input>(
  name: string,
  ask: (input: Input) => unknown,
  reporter: Pick<Reporter, 'call' | 'error'>,
): (input: Input) => YesOrNo {
  let isReported = false;
  const report = (got: string): void => {
    if (isReported) return;
    isReported = true;
    reporter.error(new TrackingError('callback_failed', `${name}: expected true or false, got ${got}`));
  };
  return (input) => {
    // Of a call that failed the result is undefined.
    const result = reporter.call(name, () => ask(input) ?? null);
    if (result === undefined) return 'failed';
    if (typeof result === 'boolean') return result;
    // A rejection was reported already.
    if (isPromiseLike(result)) void Promise.resolve(result).then(() => report('a promise'), noop);
    else if (result) report(describe(result));
    return 'unclear';
  };
}

const noop = (): void => {};
