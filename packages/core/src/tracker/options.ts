import type { EventCatalogue } from '../catalogue/catalogue.js';
import { type RetryOptions, resolveRetryOptions } from '../delivery/backoff.js';
import { invalidOption, type TrackingError } from '../errors.js';
import type { DroppedEvent, TrackedEvent } from '../event/event.js';
import { checkFunction, checkMethods, readBoolean, readMilliseconds } from '../option-checks.js';
import type { Queue } from '../queue/queue.js';
import type { DropReason } from '../reasons.js';
import type { Logger } from '../reporting/reporter.js';
import {
  type HttpTransportOptions,
  type ResolvedHttpTransportOptions,
  resolveHttpTransportOptions,
} from '../transport/http-transport.js';
import type { BatchOptions, Transport } from '../transport/transport.js';

/** How a tracker works. Every option has a default but the token, which may come from the environment. */
export interface TrackerOptions extends HttpTransportOptions {
  /**
   * Sends many events in one request (`POST /v1/batch`), `true` for the defaults. Not in the API contract, but what
   * the vendor's own clients do; where the API does not know it, events are sent one by one. The `preferredBatch` of a
   * `transport` of your own wins over it.
   * @defaultValue false
   */
  batch?: boolean | BatchOptions | undefined;
  /**
   * Where accepted events wait. Each tracker needs a new one.
   * @defaultValue `memoryQueue()`: 100 000 events, 64 MiB
   */
  queue?: Queue | undefined;
  /**
   * What takes events out of this process.
   * @defaultValue `httpTransport()`, HTTP to `apiUrl`: `node:http(s)` on Node, `fetch` elsewhere
   */
  transport?: Transport | undefined;
  /**
   * How long to wait between attempts. There is no last attempt: an event waits as long as the queue has room.
   * @defaultValue `{ minDelayMs: 500, maxDelayMs: 60_000 }`
   */
  retry?: RetryOptions | undefined;
  /**
   * The events of your application, as returned by `defineEvents`: an event that is not one of them, or whose params
   * its schema does not accept, is `invalid`. Register them as well ({@link Register}), and your compiler knows.
   * @defaultValue any event may be tracked
   */
  events?: EventCatalogue | undefined;
  /**
   * Scrubs an event before it is accepted and serialised: return it, or another, or `null` to drop it. Updates of
   * contacts and accounts pass here too; `kind` distinguishes them. If it throws, or returns anything else, a promise
   * included, the event is dropped, since it may hold what was to be scrubbed, and `onError` is called.
   */
  beforeSend?: ((event: TrackedEvent) => TrackedEvent | null) | undefined;
  /**
   * Called when delivery has a problem: once at the beginning of an outage, once for a faulty set-up, and when a
   * callback of yours throws. Not for what it causes itself, which is only logged.
   * @defaultValue writes a line to `logger`, at most one a minute for each kind
   */
  onError?: ((error: TrackingError) => void) | undefined;
  /**
   * Called for every event that will never be delivered. `error.message` is the reason in words; for `rejected`,
   * `error.status` and `error.body` are the API's answer. Not for what it causes itself, which is only logged.
   * @defaultValue writes a line to `logger`, at most one a minute for each reason; none for `before_send`
   */
  onDrop?: ((event: DroppedEvent, reason: DropReason, error: TrackingError) => void) | undefined;
  /**
   * Where log lines go.
   * @defaultValue `console`
   */
  logger?: Logger | undefined;
  /**
   * Writes a line for every request to the API, and for every request to your application: whether it
   * counted as a pageview and, if not, the reason. Where `apiUrl` is on loopback, as with `successeve dev`, the same is
   * reported there, and every drop and warning.
   * @defaultValue the environment variable `SUCCESSEVE_DEBUG`, `1` or `true`; else false
   */
  debug?: boolean | undefined;
  /**
   * When false, nothing is recorded or sent, and nothing else is needed.
   * @defaultValue true
   */
  enabled?: boolean | undefined;
  /**
   * Delivers what waits when the process ends by itself, by SIGTERM or by SIGINT, within 5 s. If your application does
   * not listen to the signal, the signal then ends the process; if it does, your listener decides. What still waits when
   * the process exits is dropped as `closed`, unless the queue keeps it. Node only.
   * @defaultValue true
   */
  flushOnExit?: boolean | undefined;
  /**
   * Throws a `TrackingError` at the call when an event is invalid. For tests.
   * @defaultValue false
   */
  strict?: boolean | undefined;
}

/** Checked options, with every default filled in. */
export interface ResolvedOptions {
  readonly api: ResolvedHttpTransportOptions;
  readonly batch: Required<BatchOptions> | undefined;
  readonly retry: Required<RetryOptions>;
  readonly logger: Logger;
  readonly isEnabled: boolean;
  readonly isDebugging: boolean;
  readonly isStrict: boolean;
  readonly flushesOnExit: boolean;
}

/** Most events in a batch, from the vendor's own clients. */
const maxBatchEvents = 100;

export function resolveOptions(options: TrackerOptions): ResolvedOptions {
  const isEnabled = readBoolean('enabled', options.enabled, true);
  for (const name of ['beforeSend', 'onError', 'onDrop'] as const) checkFunction(name, options[name]);
  checkMethods('queue', options.queue, ['push', 'lease', 'settle', 'release', 'close']);
  checkMethods('transport', options.transport, ['send']);
  checkMethods('logger', options.logger, ['debug', 'warn', 'error']);
  const { SUCCESSEVE_DEBUG = '' } = globalThis.process?.env ?? {};
  return {
    api: resolveHttpTransportOptions(options, isEnabled && !options.transport),
    batch: resolveBatch(options.transport?.preferredBatch ?? options.batch ?? false),
    retry: resolveRetryOptions(options.retry ?? {}),
    logger: options.logger ?? console,
    isEnabled,
    isDebugging: readBoolean('debug', options.debug, /^(1|true)$/.test(SUCCESSEVE_DEBUG)),
    isStrict: readBoolean('strict', options.strict, false),
    flushesOnExit: readBoolean('flushOnExit', options.flushOnExit, true),
  };
}

function resolveBatch(value: boolean | BatchOptions): Required<BatchOptions> | undefined {
  if (value === false) return undefined;
  if (value !== true && (typeof value !== 'object' || value === null)) {
    throw invalidOption('batch', 'true, false or { maxEvents, maxWaitMs }', value);
  }
  const { maxEvents = maxBatchEvents, maxWaitMs = 1000 } = value === true ? {} : value;
  if (!Number.isInteger(maxEvents) || maxEvents < 1 || maxEvents > maxBatchEvents) {
    throw invalidOption('batch.maxEvents', `an integer from 1 to ${maxBatchEvents}`, maxEvents);
  }
  return { maxEvents, maxWaitMs: readMilliseconds('batch.maxWaitMs', maxWaitMs, 0) };
}

/** For a warning of unknown ones: a misspelt one would go unnoticed. */
export const trackerOptionNames: Readonly<Record<keyof TrackerOptions, true>> = {
  apiToken: true,
  apiUrl: true,
  auth: true,
  batch: true,
  queue: true,
  transport: true,
  agent: true,
  timeoutMs: true,
  retry: true,
  createdAt: true,
  events: true,
  beforeSend: true,
  onError: true,
  onDrop: true,
  logger: true,
  debug: true,
  enabled: true,
  flushOnExit: true,
  strict: true,
};
