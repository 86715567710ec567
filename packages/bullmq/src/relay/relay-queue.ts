import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue as CoreQueue, TrackingError } from '@successeve/core';
import { type EventKind, eventKinds, type QueuedEvent, type QueueHost } from '@successeve/core/queue';
import { type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { isEmptied, queueNameOf, readHandOver, streams } from '../job.js';
import type { ResolvedBullmqOptions } from '../options.js';
import { openRedis, reconnectSoon, socketTimeout } from '../redis/open-redis.js';
import { Intake } from './intake.js';
import { lossReason, type RelayLog } from './relay-log.js';
import type { QueueState } from './relay-stats.js';
import { failJob, TakenJob } from './taken-job.js';

/** How long a job that needs a newer relay is put back for. */
const putBackMs = 60_000;

/** The wait before leases are renewed again, where that failed. */
const retryMs = 500;

export interface RelayQueueOptions extends ResolvedBullmqOptions {
  readonly leaseMs: number;
  /** How many events of each kind to take from Redis in advance. */
  readonly wanted: number;
  readonly log: RelayLog;
}

/** An event of a job. */
interface JobEvent extends QueuedEvent {
  readonly taken: TakenJob;
  readonly index: number;
}

/** The waiting events of one kind, and the intake of more. */
interface Lane {
  readonly queue: Queue;
  readonly intake: Intake;
  waiting: JobEvent[];
}

/**
 * The queue of a relay: the events of the jobs that it took from Redis, a few hundred at most. To the tracker, they are
 * events of another process (`adopt`). Each kind has its own queue in Redis and its own lane here.
 *
 * The states of a job, which is leased as a whole:
 *
 * | state  | where             | next |
 * | ------ | ----------------- | ---- |
 * | in Redis | waiting | `#take` → held; → failed, if it is empty or was rejected; → put back for 60 s, if it is newer |
 * | held   | active, `#taken`  | all events settled and written → done; `end` → in Redis; lease not renewed → lost |
 * | done   | removed, or failed | |
 * | lost   | another relay's   | |
 *
 * The states of an event in a job that is held: waiting (`Lane.waiting`) → leased, by `lease` → settled, or waiting
 * again, by `release`. When a job is lost, its waiting events are forgotten at once and its leased ones when they are
 * released (`disown`); results that arrive later are left in Redis for the new owner.
 */
export class RelayQueue implements CoreQueue {
  readonly relayId: string = randomUUID();
  readonly #options: RelayQueueOptions;
  #host: QueueHost | undefined;
  #redis: Redis | undefined;
  readonly #lanes = new Map<EventKind, Lane>();
  readonly #taken = new Set<TakenJob>();
  #leasedCount = 0;
  #isClosing = false;
  #renewalTimer: NodeJS.Timeout | undefined;
  #renewing: Promise<void> | undefined;
  #onIdle: () => void = () => {};

  constructor(options: RelayQueueOptions) {
    this.#options = options;
  }

  get length(): number {
    let length = 0;
    for (const { waiting } of this.#lanes.values()) length += waiting.length;
    return length;
  }

  /** How many events of a kind wait in this relay. */
  waiting(kind: EventKind): number {
    return this.#lanes.get(kind)?.waiting.length ?? 0;
  }

  /** The jobs of a kind in Redis. */
  async state(kind: EventKind): Promise<QueueState> {
    const { queue } = this.#lanes.get(kind) as Lane;
    const [jobs, [oldest]] = await Promise.all([
      queue.getJobCounts('waiting', 'active', 'delayed', 'failed'),
      queue.getWaiting(0, 0),
    ]);
    const oldestMs = oldest ? Math.max(0, Date.now() - oldest.timestamp) : 0;
    return { kind, jobs: jobs as QueueState['jobs'], oldestMs };
  }

  open(host: QueueHost): void {
    this.#host = host;
    const redis = openRedis(this.#options.connection, {
      // BullMQ requires it: its commands wait for a connection.
      maxRetriesPerRequest: null,
      retryStrategy: reconnectSoon,
      socketTimeout,
    });
    redis.on('error', () => {});
    this.#redis = redis;
    for (const kind of eventKinds) this.#lanes.set(kind, this.#openLane(kind, redis));
    this.#renewalTimer = setInterval(() => void this.#renew(), this.#options.leaseMs / 3);
  }

  /** A relay tracks nothing itself. */
  push(event: QueuedEvent): readonly QueuedEvent[] {
    return [event];
  }

  lease(limit: number): QueuedEvent[] {
    const leased: JobEvent[] = [];
    if (this.#isOverdue) {
      // The process was frozen: another relay may hold these jobs now.
      void this.#renew();
      return leased;
    }
    for (const lane of this.#lanes.values()) {
      leased.push(...lane.waiting.splice(0, limit - leased.length));
      lane.intake.wake();
    }
    this.#leasedCount += leased.length;
    return leased;
  }

  settle(events: readonly QueuedEvent[], rejection?: TrackingError): void {
    this.#leasedCount -= events.length;
    for (const [taken, ofJob] of byJob(events)) {
      const indexes = ofJob.map(({ index }) => index);
      void taken.settle(indexes, rejection).then(() => {
        if (taken.isDone) this.#taken.delete(taken);
        this.#checkIdle();
      });
    }
  }

  release(events: readonly QueuedEvent[]): void {
    this.#leasedCount -= events.length;
    for (const [taken, ofJob] of byJob(events)) {
      if (taken.isLost) this.#host?.disown({ tracked: 0, adopted: ofJob.length });
      else this.#putBack(taken.kind, ofJob);
    }
    this.#checkIdle();
  }

  /** Forgets the waiting events; their jobs stay in Redis. */
  close(): readonly QueuedEvent[] {
    this.#isClosing = true;
    for (const lane of this.#lanes.values()) lane.waiting = [];
    return [];
  }

  /** Takes no more jobs. */
  async stop(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map(({ intake }) => intake.stop()));
  }

  /** Waits for the leased events, gives the other jobs back to Redis and disconnects; at the latest at `signal`. */
  async end(signal: AbortSignal): Promise<void> {
    const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort');
    await Promise.race([aborted, this.#giveBackAll()]);
    clearInterval(this.#renewalTimer);
    for (const taken of this.#taken) taken.giveUp();
    await Promise.race([aborted, this.#closeLanes()]);
    this.#redis?.disconnect();
  }

  async #giveBackAll(): Promise<void> {
    await this.stop();
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      this.#checkIdle();
    });
    await Promise.allSettled([...this.#taken].map((taken) => taken.giveBack()));
  }

  async #closeLanes(): Promise<void> {
    const lanes = [...this.#lanes.values()];
    await Promise.allSettled(
      lanes.flatMap(({ queue, intake }) => [queue.close(), intake.worker.close(true)]),
    );
  }

  #openLane(kind: EventKind, connection: Redis): Lane {
    const { prefix, wanted, log } = this.#options;
    const queueName = queueNameOf(this.#options.queueName, kind);
    const queue = new Queue(queueName, { connection, prefix, streams, skipVersionCheck: true });
    queue.on('error', (error) => log.commandFailed(error));
    const intake = new Intake({
      ...this.#options,
      connection,
      queueName,
      relayId: this.relayId,
      hasRoom: () => this.waiting(kind) < wanted,
      take: (job, token) => this.#take(queue, job, token),
    });
    return { queue, intake, waiting: [] };
  }

  async #take(queue: Queue, job: Job, token: string): Promise<void> {
    const { log, leaseMs } = this.#options;
    if (isEmptied(job)) {
      log.lost(job);
      return failJob(job, token, { reason: lossReason });
    }
    const handOver = readHandOver(job);
    if (!handOver) {
      log.unknown(job);
      return job.moveToDelayed(Date.now() + putBackMs, token);
    }
    // Rejected already, as one of many. Once someone has retried the job, it counts as attempted and is sent.
    if (handOver.rejection && job.attemptsMade === 0) return failJob(job, token, handOver.rejection);
    const leasedUntil = (job.processedOn ?? Date.now()) + leaseMs;
    const taken = new TakenJob({ queue, job, token, handOver, leasedUntil });
    if (taken.isDone) return void taken.settle([]);
    if (job.stalledCounter > 0) log.tookOver(taken.open.length);
    this.#taken.add(taken);
    // It was on its way when the relay closed; `end` gives it back.
    if (this.#isClosing) return;
    const events = taken.open.map((index): JobEvent => {
      const { body, occurredAt } = handOver.events[index] as (typeof handOver.events)[number];
      const bytes = Buffer.byteLength(body);
      return { id: this.#host?.adopt() ?? -1, kind: taken.kind, body, bytes, occurredAt, taken, index };
    });
    this.#lanes.get(taken.kind)?.waiting.push(...events);
    this.#host?.wake();
  }

  #putBack(kind: EventKind, events: readonly JobEvent[]): void {
    const lane = this.#lanes.get(kind);
    if (!lane || this.#isClosing) return;
    lane.waiting = [...lane.waiting, ...events].sort((a, b) => a.id - b.id);
  }

  /** Whether a lease has run out. The first waiting event of a lane has the oldest. */
  get #isOverdue(): boolean {
    const now = Date.now();
    return [...this.#lanes.values()].some(({ waiting: [first] }) => first && first.taken.leasedUntil < now);
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#renewAll().finally(() => {
      this.#renewing = undefined;
      this.#host?.wake();
    });
    return this.#renewing;
  }

  /** Renews the leases, and forgets the jobs that another relay has taken over. */
  async #renewAll(): Promise<void> {
    const { leaseMs, log } = this.#options;
    for (const { queue, intake } of this.#lanes.values()) {
      const held = [...this.#taken].filter(({ job, isLost }) => job.queueName === queue.name && !isLost);
      if (held.length === 0) continue;
      const leasedUntil = Date.now() + leaseMs;
      const ids = held.map(({ job }) => job.id as string);
      const tokens = held.map(({ token }) => token);
      try {
        const lost = new Set(await intake.worker.extendJobLocks(ids, tokens, leaseMs));
        for (const taken of held) {
          if (!lost.has(taken.job.id as string)) taken.leasedUntil = leasedUntil;
          else if (!taken.isDone) this.#lose(taken);
        }
      } catch (error) {
        log.commandFailed(error as Error);
        await sleep(retryMs);
      }
    }
  }

  #lose(taken: TakenJob): void {
    taken.isLost = true;
    this.#taken.delete(taken);
    const lane = this.#lanes.get(taken.kind);
    if (!lane) return;
    const kept = lane.waiting.filter((event) => event.taken !== taken);
    this.#host?.disown({ tracked: 0, adopted: lane.waiting.length - kept.length });
    lane.waiting = kept;
  }

  #checkIdle(): void {
    if (this.#leasedCount === 0) this.#onIdle();
  }
}

function byJob(events: readonly QueuedEvent[]): Map<TakenJob, JobEvent[]> {
  const jobs = new Map<TakenJob, JobEvent[]>();
  for (const event of events as readonly JobEvent[]) {
    const ofJob = jobs.get(event.taken);
    if (ofJob) ofJob.push(event);
    else jobs.set(event.taken, [event]);
  }
  return jobs;
}
