import type { RetryOptions, TrackerOptions } from '@successeve/core';
import { budgetKey } from '../budget/shared-budget.js';
import { maxHandOverEvents } from '../job.js';
import {
  invalidOption,
  type QueueOptions,
  type ResolvedQueueOptions,
  resolveQueueOptions,
} from '../options.js';
import { jsonLines, type Log } from './log.js';

/** How a relay works: where the queue is and, in the words of a tracker, how the API is reached. */
export interface RelayOptions
  extends QueueOptions,
    Pick<
      TrackerOptions,
      'apiToken' | 'apiUrl' | 'auth' | 'agent' | 'timeoutMs' | 'retry' | 'createdAt' | 'batch'
    > {
  /**
   * How long a relay may stand still before the others take it for dead and send what it held, in milliseconds from
   * 1 000 to 300 000. What a relay held that was killed waits for up to one and a half times that.
   * @defaultValue 30 000
   */
  leaseMs?: number | undefined;
  /**
   * Where log entries go.
   * @defaultValue lines of JSON on standard output
   */
  log?: Log | undefined;
}

/** What of the options is not the tracker's to check. */
export interface ResolvedRelayOptions extends ResolvedQueueOptions {
  readonly leaseMs: number;
  readonly log: Log;
  /** How many events of each kind to have at hand. */
  readonly wanted: number;
  readonly budgetKey: string;
  readonly retry: Required<RetryOptions>;
  /** After so long another relay takes over a probe that nobody answered for. */
  readonly probeMs: number;
}

/** How many events of each kind wait in a relay that sends them one by one: more than it may have under way. */
const wantedSingly = 64;

/** @throws TrackingError with the code `invalid_options`, saying what was expected and what came. */
export function resolveRelayOptions(options: RelayOptions): ResolvedRelayOptions {
  const queue = resolveQueueOptions(options);
  const { leaseMs = 30_000, batch, log, apiToken, apiUrl, timeoutMs = 10_000 } = options;
  if (!(Number.isInteger(leaseMs) && leaseMs >= 1_000 && leaseMs <= 300_000)) {
    throw invalidOption('leaseMs', 'an integer from 1000 to 300000', String(leaseMs));
  }
  if (log !== undefined && typeof log !== 'function') throw invalidOption('log', 'a function', typeof log);
  const { SUCCESSEVE_API_TOKEN, SUCCESSEVE_API_URL } = process.env;
  const { minDelayMs = 500, maxDelayMs = Math.max(60_000, minDelayMs) } = options.retry ?? {};
  const { maxEvents = maxHandOverEvents } = typeof batch === 'object' ? batch : {};
  return {
    ...queue,
    leaseMs,
    log: log ?? jsonLines((line) => process.stdout.write(line)),
    // The next batch, while there is one in the making.
    wanted: batch ? 2 * maxEvents : wantedSingly,
    budgetKey: budgetKey(queue.prefix, apiUrl ?? SUCCESSEVE_API_URL, apiToken ?? SUCCESSEVE_API_TOKEN),
    retry: { minDelayMs, maxDelayMs },
    probeMs: timeoutMs + 2_000,
  };
}
