import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TrackingError } from '@successeve/core';
import type { EventKind, QueuedEvent, QueueHost } from '@successeve/core/queue';
import { type Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueNameOf, readHandOver, streams } from '../job.js';
import { lossReason, type RelayLog } from './relay-log.js';
import type { ResolvedRelayOptions } from './relay-options.js';
import type { QueueState } from './relay-stats.js';
import { failJob, TakenJob } from './taken-job.js';

/** How long BullMQ waits for a job before it returns without one, in seconds. */
const drainDelay = 1;

/** The wait after jobs could not be taken, and after leases could not be renewed. */
const retryTakeMs = 1_000;
const retryRenewalMs = 500;

/** How long a job that needs a newer relay is put back for. */
const putBackMs = 60_000;

export interface RelayLaneOptions
  extends Pick<ResolvedRelayOptions, 'connection' | 'queueName' | 'prefix' | 'leaseMs' | 'wanted'> {
  readonly log: RelayLog;
}

/** An event of a job. */
interface JobEvent extends QueuedEvent {
  readonly taken: TakenJob;
  readonly index: number;
}

/**
 * The events of one kind in a relay, and the queue in Redis from which it takes their jobs.
 *
 * The states of a job, which is leased as a whole:
 *
 * | state  | where             | next |
 * | ------ | ----------------- | ---- |
 * | in Redis | waiting | `#take` → held; → failed, if it is empty or was rejected; → put back for 60 s, if it is newer |
 * | held   | active, `#taken`  | all events settled and written → done; `giveBack` → in Redis; lease not renewed → lost |
 * | done   | removed, or failed | |
 * | lost   | another relay's   | |
 *
 * The states of an event in a job that is held: waiting (`#waiting`) → leased, by `lease` → settled, or waiting again, by
 * `release`. When a job is lost, its waiting events are forgotten at once and its leased ones when they are released
 * (`disown`); results that arrive later are left in Redis for the new owner.
 */
export class RelayLane {
  readonly kind: EventKind;
  readonly #options: RelayLaneOptions;
  readonly #host: QueueHost;
  readonly #queue: Queue;
  readonly #worker: Worker;
  readonly #stopped: Promise<void>;
  readonly #taken = new Set<TakenJob>();
  #waiting: JobEvent[] = [];
  #isStopping = false;
  #isClosed = false;
  #onRoom: () => void = () => {};

  constructor(kind: EventKind, connection: Redis, host: QueueHost, options: RelayLaneOptions) {
    this.kind = kind;
    this.#host = host;
    this.#options = options;
    const { prefix, leaseMs, log } = options;
    const name = queueNameOf(options.queueName, kind);
    const settings = { connection, prefix, skipVersionCheck: true };
    this.#queue = new Queue(name, { ...settings, streams });
    // Without a processor: the relay takes jobs itself, since many of them may go in one request.
    this.#worker = new Worker(name, null, {
      ...settings,
      name: `${hostname()}-${process.pid}`,
      autorun: false,
      drainDelay,
      lockDuration: leaseMs,
      stalledInterval: leaseMs / 2,
      // The death of a relay is never the fault of a job.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    this.#queue.on('error', (error) => log.commandFailed(error));
    this.#worker.on('error', (error) => log.commandFailed(error));
    void this.#worker.startStalledCheckTimer();
    this.#stopped = this.#takeJobs();
  }

  /** How many events wait in this relay. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Whether a lease has run out. The first waiting event has the oldest. */
  get isOverdue(): boolean {
    const [first] = this.#waiting;
    return first !== undefined && first.taken.leasedUntil < Date.now();
  }

  /** The jobs in Redis. */
  async state(): Promise<QueueState> {
    const [jobs, [oldest]] = await Promise.all([
      this.#queue.getJobCounts('waiting', 'active', 'delayed', 'failed'),
      this.#queue.getWaiting(0, 0),
    ]);
    const oldestMs = oldest ? Math.max(0, Date.now() - oldest.timestamp) : 0;
    return { kind: this.kind, jobs: jobs as QueueState['jobs'], oldestMs };
  }

  lease(limit: number): QueuedEvent[] {
    const leased = this.#waiting.splice(0, limit);
    this.#onRoom();
    return leased;
  }

  /** Resolves when Redis has the results of those events that came from this queue. */
  async settle(events: readonly QueuedEvent[], rejection?: TrackingError): Promise<void> {
    const settling = [...this.#byJob(events)].map(async ([taken, ofJob]) => {
      const indexes = ofJob.map(({ index }) => index);
      await this.#settle(taken, indexes, rejection);
    });
    await Promise.all(settling);
  }

  release(events: readonly QueuedEvent[]): void {
    for (const [taken, ofJob] of this.#byJob(events)) {
      if (taken.isLost) this.#host.disown({ tracked: 0, adopted: ofJob.length });
      else if (!this.#isClosed) this.#waiting.push(...ofJob);
    }
    this.#waiting.sort((a, b) => a.id - b.id);
  }

  /** Renews the leases, and forgets the jobs that another relay has taken over. */
  async renew(): Promise<void> {
    const { leaseMs, log } = this.#options;
    const held = [...this.#taken].filter(({ isLost }) => !isLost);
    if (held.length === 0) return;
    const leasedUntil = Date.now() + leaseMs;
    const ids = held.map(({ job }) => job.id as string);
    const tokens = held.map(({ token }) => token);
    try {
      const lost = new Set(await this.#worker.extendJobLocks(ids, tokens, leaseMs));
      for (const taken of held) {
        if (!lost.has(taken.job.id as string)) taken.leasedUntil = leasedUntil;
        else if (!taken.isDone) this.#lose(taken);
      }
    } catch (error) {
      log.commandFailed(error as Error);
      await sleep(retryRenewalMs);
    }
  }

  /** Takes no more jobs; resolves when the last one is in the relay. */
  stop(): Promise<void> {
    if (!this.#isStopping) {
      this.#isStopping = true;
      this.#onRoom();
      // Ends the wait for a job. A job that is on its way comes over the other connection.
      this.#worker
        .getBackend()
        .disconnectBlocking(false)
        .catch(() => {});
    }
    return this.#stopped;
  }

  /** Forgets the waiting events; their jobs stay in Redis. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  async giveBack(): Promise<void> {
    await Promise.allSettled([...this.#taken].map((taken) => taken.giveBack()));
  }

  async disconnect(): Promise<void> {
    for (const taken of this.#taken) taken.giveUp();
    await Promise.allSettled([this.#queue.close(), this.#worker.close(true)]);
  }

  /** Takes jobs, one after the other, while there is room. */
  async #takeJobs(): Promise<void> {
    const { wanted, log } = this.#options;
    let failures = 0;
    while (!this.#isStopping) {
      if (this.#waiting.length >= wanted) {
        await new Promise<void>((resolve) => {
          this.#onRoom = resolve;
        });
        continue;
      }
      try {
        const token = randomUUID();
        const job = await this.#worker.getNextJob(token);
        if (job) await this.#take(job, token);
        failures = 0;
        log.resolved('the queue');
      } catch (error) {
        // A lost connection is reported by itself, before the second failure.
        if (++failures > 1 && !log.isRedisDown) log.problem('the queue', (error as Error).message);
        await sleep(retryTakeMs);
      }
    }
  }

  async #take(job: Job, token: string): Promise<void> {
    const { log, leaseMs } = this.#options;
    // Only the id of a waiting job is left where Redis evicted its data, or someone deleted it.
    if (job.name === undefined) {
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
    const taken = new TakenJob({ queue: this.#queue, job, token, handOver, leasedUntil });
    this.#taken.add(taken);
    if (taken.isDone) return void this.#settle(taken, []);
    if (job.stalledCounter > 0) log.tookOver(taken.open.length);
    // It was on its way when the relay closed; `giveBack` follows.
    if (this.#isClosed) return;
    const { kind, events } = handOver;
    for (const index of taken.open) {
      const { body, occurredAt } = events[index] as (typeof events)[number];
      const bytes = Buffer.byteLength(body);
      this.#waiting.push({ id: this.#host.adopt(), kind, body, bytes, occurredAt, taken, index });
    }
    this.#host.wake();
  }

  async #settle(taken: TakenJob, indexes: readonly number[], rejection?: TrackingError): Promise<void> {
    await taken.settle(indexes, rejection);
    if (taken.isDone) this.#taken.delete(taken);
  }

  #lose(taken: TakenJob): void {
    taken.isLost = true;
    this.#taken.delete(taken);
    const kept = this.#waiting.filter((event) => event.taken !== taken);
    this.#host.disown({ tracked: 0, adopted: this.#waiting.length - kept.length });
    this.#waiting = kept;
    this.#onRoom();
  }

  /** Those of the events that came from this queue. */
  #byJob(events: readonly QueuedEvent[]): Map<TakenJob, JobEvent[]> {
    const jobs = new Map<TakenJob, JobEvent[]>();
    for (const event of events as readonly JobEvent[]) {
      if (event.taken.job.queueName !== this.#queue.name) continue;
      const ofJob = jobs.get(event.taken);
      if (ofJob) ofJob.push(event);
      else jobs.set(event.taken, [event]);
    }
    return jobs;
  }
}
