import type { Agent } from 'node:http';
import type { EventCatalogue } from '../catalogue/catalogue.js';
import type { RetryOptions } from '../delivery/backoff.js';
import type { BatchOptions } from '../delivery/sender.js';
import { type DropReason, invalidOption, TrackingError } from '../errors.js';
import type { DroppedEvent, TrackedEvent } from '../event/event.js';
import { isObject } from '../event/json.js';
import type { CreatedAt } from '../event/wire.js';
import type { Queue } from '../queue/queue.js';
import type { Logger } from '../reporting/reporter.js';
import { longestTimerMs } from '../runtime/timers.js';
import type { Transport } from '../transport/transport.js';

/** How a tracker works. Every option has a default but the token, which may come from the environment. */
export interface TrackerOptions {
  /**
   * The API token of your SuccessEve account. Without one, `createTracker` throws, unless `enabled` is false or
   * `transport` is your own.
   * @defaultValue the environment variable `SUCCESSEVE_API_TOKEN`
   */
  apiToken?: string | undefined;
  /**
   * Where the Tracking API is; a path prefix is kept. `http:` is for loopback only: a token never travels in clear.
   * @defaultValue the environment variable `SUCCESSEVE_API_URL`, else `https://api.successeve.com`
   */
  apiUrl?: string | URL | undefined;
  /**
   * How the token is sent: in the `Authorization` header, or in the query as `api_token`. The API contract allows
   * both; what is in a query ends in logs, so prefer the header.
   * @defaultValue `'basic'`
   */
  auth?: 'basic' | 'query' | undefined;
  /**
   * Sends many events in one request (`POST /v1/batch`), `true` for the defaults. Not in the API contract, but what
   * the vendor's own clients do; where the API does not know it, events go one by one again. A `transport` of your
   * own may know better how many it wants.
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
   * An agent of yours, for a proxy or a CA of your own: an `https.Agent`, or an `http.Agent` where `apiUrl` is on
   * loopback. Node only.
   * @defaultValue a keep-alive agent with at most 16 sockets
   */
  agent?: Agent | undefined;
  /**
   * How long one request may take, in milliseconds.
   * @defaultValue 10 000
   */
  timeoutMs?: number | undefined;
  /**
   * How long to wait between attempts. There is no last attempt: an event waits as long as the queue has room.
   * @defaultValue `{ minDelayMs: 500, maxDelayMs: 60_000 }`
   */
  retry?: RetryOptions | undefined;
  /**
   * When a single event carries `created_at`: `'late'`, only if it is sent more than 60 s after it happened, so that
   * a queue never falsifies time; `true`, always; `false`, never. In a batch every event carries it.
   * @defaultValue `'late'`
   */
  createdAt?: CreatedAt | undefined;
  /**
   * The events of your application, as `defineEvents` answered them: an event that is not one of them, or whose params
   * are not what its schema takes, is `invalid`. Register them as well ({@link Register}), and your compiler knows.
   * @defaultValue any event may be tracked
   */
  events?: EventCatalogue | undefined;
  /**
   * Scrubs an event before it is accepted and serialised: return it, or another, or `null` to drop it. What is told of
   * contacts and accounts passes here too; `kind` says which it is. If it throws, or returns anything else, a promise
   * included, the event is dropped, since it may hold what was to be scrubbed, and `onError` is told.
   */
  beforeSend?: ((event: TrackedEvent) => TrackedEvent | null) | undefined;
  /**
   * Called when delivery has a problem: once at the beginning of an outage, once for a faulty set-up, and when a
   * callback of yours throws. Not for what it causes itself, which is only logged.
   * @defaultValue writes a line to `logger`, at most one a minute for each kind
   */
  onError?: ((error: TrackingError) => void) | undefined;
  /**
   * Called for every event that will never be delivered. `error.message` says why in words; for `rejected`,
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
   * Writes a line for every request to the API, and for every request to your application that says whether it
   * counted as a pageview and, if not, why. Where `apiUrl` is on loopback, as with `successeve dev`, it is told the
   * same, and every drop and warning.
   * @defaultValue the environment variable `SUCCESSEVE_DEBUG`, `1` or `true`; else false
   */
  debug?: boolean | undefined;
  /**
   * When false, nothing is recorded or sent, and nothing else is needed.
   * @defaultValue true
   */
  enabled?: boolean | undefined;
  /**
   * Delivers what waits when the process ends by itself, by SIGTERM or by SIGINT, within 5 s. Where nobody else
   * listens to the signal it then takes its usual course; where you do, you decide. What still waits when the process
   * exits, however that came, is dropped as `closed`, unless the queue keeps it. Node only.
   * @defaultValue true
   */
  flushOnExit?: boolean | undefined;
  /**
   * Throws a `TrackingError` at the call when an event is invalid. For tests.
   * @defaultValue false
   */
  strict?: boolean | undefined;
}

/** Options that were checked, with every default filled in. */
export interface ResolvedOptions {
  readonly apiToken: string | undefined;
  readonly apiUrl: URL;
  readonly auth: 'basic' | 'query';
  readonly batch: Required<BatchOptions> | undefined;
  readonly timeoutMs: number;
  readonly retry: Required<RetryOptions>;
  readonly createdAt: CreatedAt;
  readonly logger: Logger;
  readonly isEnabled: boolean;
  readonly isDebugging: boolean;
}

const defaultApiUrl = 'https://api.successeve.com';

/** Most events in a batch, from the vendor's own clients. */
const maxBatchEvents = 100;

/** @throws TrackingError with the code `invalid_options`, saying what was expected and what came. */
export function resolveOptions(options: TrackerOptions): ResolvedOptions {
  const env = globalThis.process?.env ?? {};
  const isEnabled = boolean('enabled', options.enabled, true);
  boolean('flushOnExit', options.flushOnExit, true);
  boolean('strict', options.strict, false);
  for (const name of ['beforeSend', 'onError', 'onDrop'] as const) callback(name, options[name]);
  implementation('queue', options.queue, ['push', 'lease', 'settle', 'release', 'close']);
  implementation('transport', options.transport, ['send']);
  implementation('logger', options.logger, ['debug', 'warn', 'error']);
  const auth = oneOf('auth', options.auth ?? 'basic', ['basic', 'query'] as const);
  const url = apiUrl(options.apiUrl ?? (env.SUCCESSEVE_API_URL || defaultApiUrl));
  agent(options.agent, url);
  return {
    apiToken:
      isEnabled && !options.transport ? token(options.apiToken ?? env.SUCCESSEVE_API_TOKEN, auth) : undefined,
    apiUrl: url,
    auth,
    batch: batch(options.transport?.batch ?? options.batch ?? false),
    timeoutMs: number('timeoutMs', options.timeoutMs ?? 10_000, 1),
    retry: retry(options.retry ?? {}),
    createdAt: oneOf('createdAt', options.createdAt ?? 'late', ['late', true, false] as const),
    logger: options.logger ?? console,
    isEnabled,
    isDebugging: boolean('debug', options.debug, /^(1|true)$/.test(env.SUCCESSEVE_DEBUG ?? '')),
  };
}

/** Checks that an option, where it is given, is a function. */
export function callback(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw invalidOption(name, 'a function', value);
}

function token(value: unknown, auth: 'basic' | 'query'): string {
  if (typeof value !== 'string' || value === '') {
    throw invalidOption('apiToken', 'a non-empty string, here or in SUCCESSEVE_API_TOKEN', value);
  }
  // A line break, as `cat` of a secret's file leaves it, would be refused as a wrong key.
  if (/[^\x21-\x7e]/.test(value)) {
    throw new TrackingError(
      'invalid_options',
      'apiToken: expected visible ASCII, got white space or others in it',
    );
  }
  if (auth === 'basic' && value.includes(':')) {
    throw new TrackingError('invalid_options', "apiToken: expected no colon with auth: 'basic', got one");
  }
  return value;
}

function apiUrl(value: unknown): URL {
  if (!(typeof value === 'string' || value instanceof URL) || !URL.canParse(String(value))) {
    throw invalidOption('apiUrl', `an absolute URL such as ${defaultApiUrl}`, value);
  }
  const url = new URL(value);
  if (url.username || url.password || url.search || url.hash) {
    const got = url.search ? 'a query' : url.hash ? 'a fragment' : 'a user';
    throw new TrackingError('invalid_options', `apiUrl: expected no user, query or fragment, got ${got}`);
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw new TrackingError(
    'invalid_options',
    `apiUrl: expected https:, or http: to loopback, since a token must not travel in clear, got ${url.protocol}`,
  );
}

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|(.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function batch(value: boolean | BatchOptions): Required<BatchOptions> | undefined {
  if (value === false) return undefined;
  if (value !== true && (typeof value !== 'object' || value === null)) {
    throw invalidOption('batch', 'true, false or { maxEvents, maxWaitMs }', value);
  }
  const { maxEvents = maxBatchEvents, maxWaitMs = 1000 } = value === true ? {} : value;
  if (!Number.isInteger(maxEvents) || maxEvents < 1 || maxEvents > maxBatchEvents) {
    throw invalidOption('batch.maxEvents', `an integer from 1 to ${maxBatchEvents}`, maxEvents);
  }
  return { maxEvents, maxWaitMs: number('batch.maxWaitMs', maxWaitMs, 0) };
}

function retry(value: RetryOptions): Required<RetryOptions> {
  if (!isObject(value)) throw invalidOption('retry', '{ minDelayMs, maxDelayMs }', value);
  const minDelayMs = number('retry.minDelayMs', value.minDelayMs ?? 500, 1);
  const maxDelayMs = number('retry.maxDelayMs', value.maxDelayMs ?? Math.max(60_000, minDelayMs), minDelayMs);
  return { minDelayMs, maxDelayMs };
}

/** Checks that something of the customer's, where it is given, has the methods that it needs. */
function implementation(name: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return;
  const has = (method: string): boolean => typeof (value as Record<string, unknown>)[method] === 'function';
  if (typeof value === 'object' && value !== null && methods.every(has)) return;
  throw invalidOption(name, `an object with the methods ${methods.join(', ')}`, value);
}

function agent(value: unknown, { protocol }: URL): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null) throw invalidOption('agent', 'an http(s).Agent', value);
  // Those of Node have it as a property; others, as for proxies, find out at each request.
  const own = Object.getOwnPropertyDescriptor(value, 'protocol')?.value;
  if (typeof own !== 'string' || own === protocol) return;
  throw new TrackingError(
    'invalid_options',
    `agent: expected one for ${protocol}, as apiUrl is, got one for ${own}`,
  );
}

const optionNames: Readonly<Record<keyof TrackerOptions, true>> = {
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

/** Says which option there is not, where a name was misspelt: its default would be taken without a word. */
export function findUnknownOption(options: TrackerOptions): string | undefined {
  const name = Object.keys(options).find((key) => !Object.hasOwn(optionNames, key));
  return (
    name && `there is no option ${JSON.stringify(name)}; there are ${Object.keys(optionNames).join(', ')}`
  );
}

function number(name: string, value: unknown, min: number): number {
  if (typeof value === 'number' && value >= min && value <= longestTimerMs) return value;
  throw invalidOption(name, `a number of milliseconds from ${min} to ${longestTimerMs}`, value);
}

function boolean(name: string, value: unknown, defaultValue: boolean): boolean {
  if (value === undefined) return defaultValue;
  if (typeof value !== 'boolean') throw invalidOption(name, 'true or false', value);
  return value;
}

function oneOf<const Value>(name: string, value: Value, allowed: readonly Value[]): Value {
  if (allowed.includes(value)) return value;
  throw invalidOption(name, allowed.map((one) => JSON.stringify(one)).join(' or '), value);
}
