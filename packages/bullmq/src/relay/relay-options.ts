import type { Logger, RetryOptions, TrackerOptions } from '@successeve/core';
import { resolveApiOptions, resolveRetryOptions } from '@successeve/core/api';
import { invalidOption } from '@successeve/core/queue';
import { budgetKey } from '../budget/shared-budget.js';
import { maxHandOverEvents } from '../job.js';
import { type BullmqOptions, type ResolvedBullmqOptions, resolveBullmqOptions } from '../options.js';
import { jsonLogger } from './json-logger.js';

/** How a relay works: where the queue is and, with the same options as a tracker's, how the API is reached. */
export interface RelayOptions
  extends BullmqOptions,
    Pick<
      TrackerOptions,
      'apiToken' | 'apiUrl' | 'auth' | 'agent' | 'timeoutMs' | 'retry' | 'createdAt' | 'batch'
    > {
  /**
   * How long a relay may be frozen before the others consider it dead and send what it held, in milliseconds from
   * 1 000 to 300 000. The events of a relay that was killed wait for up to one and a half times that.
   * @defaultValue 30 000
   */
  leaseMs?: number | undefined;
  /**
   * Where log lines go. They contain neither the token nor the data of events.
   * @defaultValue lines of JSON on standard output
   */
  logger?: Logger | undefined;
}

/** The options that the tracker inside a relay does not check. */
export interface ResolvedRelayOptions extends ResolvedBullmqOptions {
  readonly leaseMs: number;
  readonly logger: Logger;
  /** How many events of each kind to take from Redis in advance. */
  readonly wanted: number;
  readonly budgetKey: string;
  readonly retry: Required<RetryOptions>;
  /** After this time, another relay takes over a probe that was not reported. */
  readonly probeMs: number;
}

/** How many events of each kind wait in a relay that sends single events: more than may be under way. */
const wantedSingly = 64;

/** @throws TrackingError with the code `invalid_options`, saying what was expected and what came. */
export function resolveRelayOptions(options: RelayOptions): ResolvedRelayOptions {
  const queue = resolveBullmqOptions(options);
  const { apiUrl, apiToken, timeoutMs } = resolveApiOptions(options);
  const { leaseMs = 30_000, batch, logger } = options;
  if (!(Number.isInteger(leaseMs) && leaseMs >= 1_000 && leaseMs <= 300_000)) {
    throw invalidOption('leaseMs', 'an integer from 1000 to 300000', leaseMs);
  }
  const { maxEvents = maxHandOverEvents } = typeof batch === 'object' ? batch : {};
  return {
    ...queue,
    leaseMs,
    logger: logger ?? jsonLogger((line) => process.stdout.write(line)),
    // With batches, the next one can be made up while one is under way.
    wanted: batch ? 2 * maxEvents : wantedSingly,
    budgetKey: budgetKey(queue.prefix, apiUrl, apiToken),
    retry: resolveRetryOptions(options.retry ?? {}),
    probeMs: timeoutMs + 2_000,
  };
}
