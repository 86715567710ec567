import { randomUUID } from 'node:crypto';
import { type SendResult, TrackingError, type Transport } from '@successeve/core';
import type { QueuedEvent } from '@successeve/core/queue';
import { kinds, maxHandOverEvents } from '../job.js';
import { type QueueOptions, type ResolvedQueueOptions, resolveQueueOptions } from '../options.js';
import { type PendingJob, QueueLink } from './queue-link.js';

/** How long the first event of a hand-over may wait for others. Our choice: a job costs as much as a hundred events. */
const maxWaitMs = 20;

/**
 * Hands a tracker's events to Redis, where a relay takes them. While Redis is away, the tracker keeps them itself.
 *
 * It connects with the first event, and does not hold the process open.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function bullmqTransport(options: QueueOptions): Transport {
  return new BullmqTransport(resolveQueueOptions(options));
}

class BullmqTransport implements Transport {
  readonly batch = { maxEvents: maxHandOverEvents, maxWaitMs };
  readonly #options: ResolvedQueueOptions;
  readonly #id = randomUUID();
  #jobs = 0;
  #link: QueueLink | undefined;
  /**
   * The jobs of events that were handed over without an answer. When the tracker tries again it puts events together
   * anew; the job stays what it was, and so does its id, by which Redis knows it if it has it already.
   */
  readonly #unanswered = new WeakMap<QueuedEvent, PendingJob>();

  constructor(options: ResolvedQueueOptions) {
    this.#options = options;
  }

  async send(events: readonly QueuedEvent[]): Promise<SendResult> {
    if (!this.#link?.isOpen) this.#link = new QueueLink(this.#options);
    const link = this.#link;
    try {
      await link.ready;
      await this.#handOver(link, events);
      return { status: 'delivered' };
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const error = new TrackingError('unavailable', `Redis takes no events: ${why}`, { cause });
      return { status: 'unavailable', error, areInnocent: true };
    }
  }

  close(): void {
    this.#link?.close();
  }

  async #handOver(link: QueueLink, events: readonly QueuedEvent[]): Promise<void> {
    const jobs = new Map<PendingJob, readonly QueuedEvent[]>();
    for (const kind of kinds) {
      const fresh = events.filter((event) => event.kind === kind && !this.#unanswered.has(event));
      if (fresh.length > 0) jobs.set(this.#newJob(kind, fresh), fresh);
    }
    for (const event of events) {
      const job = this.#unanswered.get(event);
      if (job) jobs.set(job, []);
    }
    try {
      await Promise.all([...jobs.keys()].map((job) => link.add(job)));
    } catch (error) {
      for (const [job, fresh] of jobs) for (const event of fresh) this.#unanswered.set(event, job);
      throw error;
    }
  }

  #newJob(kind: PendingJob['kind'], events: readonly QueuedEvent[]): PendingJob {
    return {
      id: `${this.#id}-${++this.#jobs}`,
      kind,
      handOver: { v: 1, events: events.map(({ body, occurredAt }) => ({ body, occurredAt })) },
      isHandedOver: false,
    };
  }
}
