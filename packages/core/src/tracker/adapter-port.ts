import type { Reporter } from '../reporting/reporter.js';
import type { Closing } from './closing.js';
import type { Intake } from './intake.js';

/**
 * What the adapter kit uses of a tracker, apart from its public methods. Under a registered symbol, so that a kit of
 * one copy of this package (ESM, CommonJS) works with a tracker of another.
 */
export const adapterPort: unique symbol = Symbol.for('@successeve/core/adapter-port');

export interface AdapterPort {
  readonly isEnabled: boolean;
  readonly intake: Pick<Intake, 'draft' | 'hold' | 'submit' | 'pageview' | 'drop' | 'skip'>;
  readonly closing: Pick<Closing, 'waiting' | 'expect' | 'deliver' | 'watch'>;
  readonly reporter: Pick<Reporter, 'isReporting' | 'error' | 'call' | 'guard' | 'warnOnce' | 'request'>;
}
