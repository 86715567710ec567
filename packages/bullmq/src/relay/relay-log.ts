import type { DroppedEvent, Logger, SendResult, TrackingError } from '@successeve/core';
import type { QueuedEvent } from '@successeve/core/queue';
import type { Job } from 'bullmq';
import { type Kind, noneOfEachKind } from '../job.js';
import type { Log, LogEntry } from './log.js';

/** Trouble that goes on is told once in this time. */
const logEveryMs = 60_000;

/** How long what was taken over is added up before it is told. */
const tellTakenOverMs = 1_000;

/** For how long a loss is a problem that is told. */
const tellLossMs = 60 * 60_000;

/** What is told of a job whose events are gone. */
export const loss =
  'the events of a job are lost: Redis has thrown them away, as it does where maxmemory-policy is not noeviction, or somebody has removed them';

/** Who may be at fault. */
type Troubled = 'Redis' | 'the queue' | 'the API';

/** What a relay saw: it counts it, tells what is worth a line in the log, and knows what is wrong at the moment. */
export class Journal {
  readonly delivered: Record<Kind, number> = noneOfEachKind();
  readonly refused: Record<Kind, number> = noneOfEachKind();
  readonly requests: Record<SendResult['status'], number> = {
    delivered: 0,
    rate_limited: 0,
    unavailable: 0,
    misconfigured: 0,
    rejected: 0,
  };
  takenOver = 0;
  #takenOverUntold = 0;
  lostJobs = 0;
  #lostAt = -Infinity;
  readonly #log: Log;
  /** What is wrong now, by what is at fault. */
  readonly #troubles = new Map<Troubled, string>();
  readonly #toldAt = new Map<string, number>();
  #spentUntil = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** What is wrong at the moment, in words. */
  get problems(): readonly string[] {
    const problems = [...this.#troubles].map(([who, what]) => `${who}: ${what}`);
    return Date.now() < this.#lostAt + tellLossMs ? [...problems, loss] : problems;
  }

  isWell(who: Troubled): boolean {
    return !this.#troubles.has(who);
  }

  say(entry: LogEntry): void {
    try {
      this.#log(entry);
    } catch {
      // A log that throws has nowhere to say so.
    }
  }

  /** Says it unless it was said a short while ago. */
  sayNowAndThen(kind: string, entry: LogEntry): void {
    const now = Date.now();
    if (now < (this.#toldAt.get(kind) ?? 0) + logEveryMs) return;
    this.#toldAt.set(kind, now);
    this.say(entry);
  }

  /** Something is wrong, and may be for a while. */
  began(who: Troubled, what: string, details: object = {}): void {
    const isNews = this.isWell(who);
    this.#troubles.set(who, what);
    if (isNews) this.say({ level: 'error', message: `${who}: ${what}`, ...details });
  }

  ended(who: Troubled): void {
    if (this.#troubles.delete(who)) this.say({ level: 'info', message: `${who}: well again` });
  }

  /** The API answered, or did not. */
  answered(events: readonly QueuedEvent[], result: SendResult): void {
    this.requests[result.status]++;
    if (result.status === 'delivered') {
      for (const { kind } of events) this.delivered[kind]++;
      this.ended('the API');
    }
    const { remaining, resetsAt = 0 } = result.rateLimit ?? {};
    if ((remaining === 0 || result.status === 'rate_limited') && resetsAt > this.#spentUntil) {
      this.#spentUntil = resetsAt;
      this.say({ level: 'info', message: 'the budget is spent', goesOnAt: new Date(resetsAt).toISOString() });
    }
  }

  dropped({ kind }: DroppedEvent, { message, status }: TrackingError): void {
    this.refused[kind]++;
    this.say({ level: 'warn', message: 'the API refused an event for good', kind, reason: message, status });
  }

  /** A relay that died leaves many jobs; they are told together. */
  tookOver(events: number): void {
    if (this.#takenOverUntold === 0) setTimeout(() => this.#tellTakenOver(), tellTakenOverMs).unref();
    this.#takenOverUntold += events;
    this.takenOver += events;
  }

  #tellTakenOver(): void {
    const events = this.#takenOverUntold;
    this.#takenOverUntold = 0;
    this.say({ level: 'warn', message: 'took over events of a relay that died', events });
  }

  /** A job whose events are gone. */
  lost({ id }: Job): void {
    this.lostJobs++;
    this.#lostAt = Date.now();
    this.sayNowAndThen('lost', { level: 'error', message: loss, id });
  }

  /** A job that only a newer relay understands. */
  unknown({ id, name }: Job): void {
    this.sayNowAndThen('unknown', {
      level: 'warn',
      message: 'put a job back that a newer relay understands',
      id,
      name,
    });
  }

  /** Nothing could be taken from the queue. Where Redis is away, that was said already. */
  intakeFailed(error: Error): void {
    if (this.isWell('Redis')) this.began('the queue', error.message);
  }

  /** Some other command failed; it will be tried again. */
  commandFailed(error: Error): void {
    if (!this.isWell('Redis')) return;
    this.sayNowAndThen(error.message, { level: 'warn', message: `Redis: ${error.message}` });
  }

  /** For what the core has to say. */
  get logger(): Logger {
    const at = (level: LogEntry['level']) => (message: string) =>
      this.say({ level, message: message.replace(/^\[successeve\] /, '') });
    return { debug: at('info'), warn: at('warn'), error: at('error') };
  }
}
