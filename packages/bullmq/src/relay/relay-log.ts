import type { DroppedEvent, Logger, SendResult, TrackingError } from '@successeve/core';
import { type EventKind, eventKinds, type QueuedEvent } from '@successeve/core/queue';
import type { Job } from 'bullmq';
import type { RelayCounts } from './relay-stats.js';

/** A problem that repeats is logged once in this time. */
const logEveryMs = 60_000;

/** How long a relay adds up the events that it takes over before it logs their number. */
const takeoverMs = 1_000;

/** How long `health` reports a loss. */
const reportLossMs = 60 * 60_000;

/** How long it takes at most until one lost connection to Redis has been reported by all that use it. */
const connectionMs = 1_000;

/** The reason of a failed job without its events. */
export const lossReason =
  'the events of a job are lost: Redis has evicted them, because its maxmemory-policy is not noeviction, or someone has deleted them';

/** A part that may be at fault. */
type Part = 'Redis' | 'the queue' | 'the API';

/** The counts, the log and the current problems of a relay. */
export class RelayLog {
  readonly #counts = {
    delivered: zeroOfEachKind(),
    rejected: zeroOfEachKind(),
    requests: { delivered: 0, rate_limited: 0, unavailable: 0, misconfigured: 0, rejected: 0 },
    takenOver: 0,
    lostJobs: 0,
  } satisfies RelayCounts;
  readonly #logger: Logger;
  readonly #problems = new Map<Part, string>();
  readonly #loggedAt = new Map<string, number>();
  #redisFailedAt = -Infinity;
  #takenOverUnlogged = 0;
  #lostAt = -Infinity;
  #spentUntil = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** A copy of the counts. */
  get counts(): RelayCounts {
    return structuredClone(this.#counts);
  }

  /** The current problems, in words. */
  get problems(): readonly string[] {
    const problems = [...this.#problems.values()];
    return Date.now() < this.#lostAt + reportLossMs ? [...problems, lossReason] : problems;
  }

  has(part: Part): boolean {
    return this.#problems.has(part);
  }

  /** Whether the connection to Redis is lost, or was a moment ago. Other failures follow from that. */
  get isRedisDown(): boolean {
    return this.has('Redis') || Date.now() < this.#redisFailedAt + 2 * connectionMs;
  }

  /** A problem that may last. Its beginning is logged. */
  problem(part: Part, message: string): void {
    const isNew = !this.has(part);
    const text = part === 'the API' ? message : `${part}: ${message}`;
    this.#problems.set(part, text);
    if (part === 'Redis') this.#redisFailedAt = Date.now();
    if (isNew) this.log('error', text);
  }

  resolved(part: Part): void {
    if (this.#problems.delete(part)) this.log('debug', `${part} is available again`);
  }

  log(level: keyof Logger, message: string): void {
    try {
      this.#logger[level](message);
    } catch {
      // A logger that throws cannot be used to report it.
    }
  }

  /** Logs a message unless `key` was logged within the last minute. */
  logRarely(level: keyof Logger, message: string, key: string = message): void {
    const now = Date.now();
    if (now < (this.#loggedAt.get(key) ?? 0) + logEveryMs) return;
    this.#loggedAt.set(key, now);
    this.log(level, message);
  }

  /** Counts a request to the API. */
  request(events: readonly QueuedEvent[], result: SendResult): void {
    this.#counts.requests[result.status]++;
    if (result.status === 'delivered') {
      for (const { kind } of events) this.#counts.delivered[kind]++;
      this.resolved('the API');
    }
    const { remaining, resetsAt = 0 } = result.rateLimit ?? {};
    if ((remaining === 0 || result.status === 'rate_limited') && resetsAt > this.#spentUntil) {
      this.#spentUntil = resetsAt;
      this.log('debug', `the budget is spent until ${new Date(resetsAt).toISOString()}`);
    }
  }

  dropped({ kind }: DroppedEvent, { message }: TrackingError): void {
    this.#counts.rejected[kind]++;
    this.log('warn', `an event (${kind}) was rejected and is a failed job now: ${message}`);
  }

  /** A relay that died leaves many jobs; their events are logged together. */
  tookOver(events: number): void {
    if (this.#takenOverUnlogged === 0) setTimeout(() => this.#logTakenOver(), takeoverMs).unref();
    this.#takenOverUnlogged += events;
    this.#counts.takenOver += events;
  }

  #logTakenOver(): void {
    this.log('warn', `took over ${this.#takenOverUnlogged} events from a relay that died`);
    this.#takenOverUnlogged = 0;
  }

  /** A job without its events. */
  lost({ id }: Job): void {
    this.#counts.lostJobs++;
    this.#lostAt = Date.now();
    this.logRarely('error', `${lossReason} (job ${id})`, lossReason);
  }

  /** A job from a newer version. */
  unknown({ id, name }: Job): void {
    const text = 'put a job back that needs a newer version of the relay';
    this.logRarely('warn', `${text} (job ${id}, ${name})`, text);
  }

  /** A command failed and will be repeated. */
  commandFailed({ message }: Error): void {
    const check = (): void => {
      if (!this.isRedisDown && !this.has('the queue')) this.logRarely('warn', `Redis: ${message}`);
    };
    setTimeout(check, connectionMs).unref();
  }
}

function zeroOfEachKind(): Record<EventKind, number> {
  return Object.fromEntries(eventKinds.map((kind) => [kind, 0])) as Record<EventKind, number>;
}
