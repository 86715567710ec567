import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue as CoreQueue, TrackingError } from '@successeve/core';
import type { QueuedEvent, QueueHost } from '@successeve/core/queue';
import { type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { isEmptied, type Kind, kinds, queueNameOf, readHandOver, streams } from '../job.js';
import type { ResolvedQueueOptions } from '../options.js';
import { openRedis, reconnectSoon, socketTimeout } from '../redis/open-redis.js';
import { Intake } from './intake.js';
import { type Journal, loss } from './relay-log.js';
import type { QueueState } from './relay-stats.js';
import { failJob, TakenJob } from './taken-job.js';

/** How long a job that only a newer relay understands is put back for. */
const notOursMs = 60_000;

/** The wait before leases are renewed again, where that failed. */
const retryMs = 500;

export interface RelayQueueOptions extends ResolvedQueueOptions {
  readonly leaseMs: number;
  /** How many events of each kind to have at hand. */
  readonly wanted: number;
  readonly journal: Journal;
}

/** An event of a job. */
interface JobEvent extends QueuedEvent {
  readonly taken: TakenJob;
  readonly place: number;
}

/** What waits of one kind in this relay, and how more of it is taken. */
interface Lane {
  readonly queue: Queue;
  readonly intake: Intake;
  waiting: JobEvent[];
}

/**
 * The queue of a relay: what it took from Redis, a few hundred events at most. To the tracker they are events that
 * another process left behind.
 *
 * Each kind has a queue of its own in Redis, and is taken for itself, so that no backlog of pageviews stands before an
 * explicit event, neither there nor here.
 */
export class RelayQueue implements CoreQueue {
  readonly relayId: string = randomUUID();
  readonly #options: RelayQueueOptions;
  #host: QueueHost | undefined;
  #redis: Redis | undefined;
  readonly #lanes = new Map<Kind, Lane>();
  readonly #taken = new Set<TakenJob>();
  /** How many events the sender has. */
  #leased = 0;
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
  waiting(kind: Kind): number {
    return this.#lanes.get(kind)?.waiting.length ?? 0;
  }

  /** What is in Redis of a kind. */
  async state(kind: Kind): Promise<QueueState> {
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
      // BullMQ waits for as long as it takes.
      maxRetriesPerRequest: null,
      retryStrategy: reconnectSoon,
      socketTimeout,
    });
    redis.on('error', () => {});
    this.#redis = redis;
    for (const kind of kinds) this.#lanes.set(kind, this.#openLane(kind, redis));
    this.#renewalTimer = setInterval(() => void this.#renew(), this.#options.leaseMs / 3);
  }

  /** A relay tracks nothing itself. */
  push(event: QueuedEvent): readonly QueuedEvent[] {
    return [event];
  }

  lease(limit: number): QueuedEvent[] {
    const leased: JobEvent[] = [];
    if (this.#isOverdue) {
      // We stood still: what waits here may be somebody else's by now.
      void this.#renew();
      return leased;
    }
    for (const lane of this.#lanes.values()) {
      leased.push(...lane.waiting.splice(0, limit - leased.length));
      lane.intake.look();
    }
    this.#leased += leased.length;
    return leased;
  }

  settle(events: readonly QueuedEvent[], rejection?: TrackingError): void {
    this.#leased -= events.length;
    for (const [taken, ofJob] of byJob(events)) {
      const places = ofJob.map(({ place }) => place);
      const written = rejection
        ? Promise.all(places.map((place) => taken.refuse(place, rejection)))
        : taken.settle(places);
      void written.then(() => {
        if (taken.isDone) this.#taken.delete(taken);
        this.#checkIdle();
      });
    }
  }

  release(events: readonly QueuedEvent[]): void {
    this.#leased -= events.length;
    for (const [taken, ofJob] of byJob(events)) {
      if (taken.isLost) this.#host?.disown({ tracked: 0, adopted: ofJob.length });
      else this.#putBack(taken.kind, ofJob);
    }
    this.#checkIdle();
  }

  /** Forgets what waits: whoever takes the jobs next has it. */
  close(): readonly QueuedEvent[] {
    this.#isClosing = true;
    for (const lane of this.#lanes.values()) lane.waiting = [];
    return [];
  }

  /** Takes no more jobs. */
  async stop(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map(({ intake }) => intake.stop()));
  }

  /** Gives back to Redis what is left, and lets go of it. Waits for what the sender still has, until `signal`. */
  async end(signal: AbortSignal): Promise<void> {
    const isOver = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([isOver, this.#giveBackAll()]);
    clearInterval(this.#renewalTimer);
    for (const taken of this.#taken) taken.giveUp();
    await Promise.race([isOver, this.#closeLanes()]);
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
    const ends = [...this.#lanes.values()].map(({ queue, intake }) =>
      Promise.allSettled([queue.close(), intake.worker.close(true)]),
    );
    await Promise.all(ends);
  }

  #openLane(kind: Kind, connection: Redis): Lane {
    const { prefix, leaseMs, wanted, journal } = this.#options;
    const queueName = queueNameOf(this.#options.queueName, kind);
    const queue = new Queue(queueName, { connection, prefix, streams, skipVersionCheck: true });
    queue.on('error', (error) => journal.commandFailed(error));
    const intake = new Intake({
      connection,
      queueName,
      prefix,
      leaseMs,
      name: `${hostname()}-${process.pid}`,
      relayId: this.relayId,
      isHungry: () => this.waiting(kind) < wanted,
      take: (job, token) => this.#take(kind, job, token),
      journal,
    });
    return { queue, intake, waiting: [] };
  }

  async #take(kind: Kind, job: Job, token: string): Promise<void> {
    const queue = this.#lanes.get(kind)?.queue;
    if (isEmptied(job)) {
      this.#options.journal.lost(job);
      return failJob(job, token, { reason: loss });
    }
    const handOver = readHandOver(job);
    if (!handOver || !queue) {
      this.#options.journal.unknown(job);
      return job.moveToDelayed(Date.now() + notOursMs, token);
    }
    // Refused already, as one of many. Should somebody have it tried again, it has failed before.
    if (handOver.refusal && job.attemptsMade === 0) return failJob(job, token, handOver.refusal);
    const leasedUntil = (job.processedOn ?? Date.now()) + this.#options.leaseMs;
    const taken = new TakenJob({ queue, job, token, handOver, leasedUntil });
    if (taken.isDone) return void taken.settle([]);
    if (job.stalledCounter > 0) this.#options.journal.tookOver(taken.open.length);
    this.#taken.add(taken);
    // It came after the last was asked for; `end` gives it back.
    if (this.#isClosing) return;
    const events = taken.open.map((place): JobEvent => {
      const { body, occurredAt } = handOver.events[place] as (typeof handOver.events)[number];
      const bytes = Buffer.byteLength(body);
      return { id: this.#host?.adopt() ?? -1, kind: taken.kind, body, bytes, occurredAt, taken, place };
    });
    this.#lanes.get(taken.kind)?.waiting.push(...events);
    this.#host?.wake();
  }

  #putBack(kind: Kind, events: readonly JobEvent[]): void {
    const lane = this.#lanes.get(kind);
    if (!lane || this.#isClosing) return;
    lane.waiting = [...lane.waiting, ...events].sort((a, b) => a.id - b.id);
  }

  /** Whether the lease of what waits has run out. What waits longest was leased first. */
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

  /** Keeps the leases; what another relay took, because it heard too little of this one, is forgotten here. */
  async #renewAll(): Promise<void> {
    for (const { queue, intake } of this.#lanes.values()) {
      const held = [...this.#taken].filter(({ job, isLost }) => job.queueName === queue.name && !isLost);
      if (held.length === 0) continue;
      const leasedUntil = Date.now() + this.#options.leaseMs;
      try {
        const lost = await intake.worker.extendJobLocks(
          held.map(({ job }) => job.id as string),
          held.map(({ token }) => token),
          this.#options.leaseMs,
        );
        for (const taken of held) {
          if (!lost.includes(taken.job.id as string)) taken.leasedUntil = leasedUntil;
          else if (!taken.isDone) this.#lose(taken);
        }
      } catch (error) {
        this.#options.journal.commandFailed(error as Error);
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
    if (this.#leased === 0) this.#onIdle();
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
