import { invalidOption } from '../errors.js';
import { isObject } from '../event/json.js';
import { readMilliseconds } from '../option-checks.js';

/** How long to wait between attempts. */
export interface RetryOptions {
  /**
   * Upper bound of the first delay, in milliseconds.
   * @defaultValue 500
   */
  minDelayMs?: number;
  /**
   * Upper bound of every delay, in milliseconds.
   * @defaultValue 60 000
   */
  maxDelayMs?: number;
}

/** @throws TrackingError with the code `invalid_options`. */
export function resolveRetryOptions(retry: RetryOptions): Required<RetryOptions> {
  if (!isObject(retry)) throw invalidOption('retry', '{ minDelayMs, maxDelayMs }', retry);
  const minDelayMs = readMilliseconds('retry.minDelayMs', retry.minDelayMs ?? 500, 1);
  const { maxDelayMs = Math.max(60_000, minDelayMs) } = retry;
  return { minDelayMs, maxDelayMs: readMilliseconds('retry.maxDelayMs', maxDelayMs, minDelayMs) };
}

/** The delay after the `failures`-th failure in a row: exponential, with full jitter. */
export function backoffMs(failures: number, { minDelayMs, maxDelayMs }: Required<RetryOptions>): number {
  return Math.random() * Math.min(maxDelayMs, minDelayMs * 2 ** (failures - 1));
}

/**
 * The delay before the next probe of an API that has been away for `outageMs`.
 *
 * Exponential like {@link backoffMs}, but no longer than a fifth of the outage so far: doubling alone would find
 * an API that came back after ten seconds only many seconds later.
 */
export function probeDelayMs(failures: number, outageMs: number, retry: Required<RetryOptions>): number {
  const maxDelayMs = Math.min(retry.maxDelayMs, Math.max(retry.minDelayMs * 4, outageMs / 5));
  return backoffMs(failures, { minDelayMs: retry.minDelayMs, maxDelayMs });
}
