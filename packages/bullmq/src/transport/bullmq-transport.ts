import { randomUUID } from 'node:crypto';
import { type SendResult, TrackingError, type Transport } from '@successeve/core';
import { eventKinds, invalidOption, type QueuedEvent } from '@successeve/core/queue';
import { maxHandOverEvents } from '../job.js';
import { type BullmqOptions, resolveBullmqOptions } from '../options.js';
import { type PendingJob, QueueLink, type QueueLinkOptions } from './queue-link.js';

/** How long the first event of a hand-over may wait for others. Our choice: a job costs as much as a hundred events. */
const maxWaitMs = 20;

export interface BullmqTransportOptions extends BullmqOptions {
  /**
   * Waits with each hand-over until Redis has written it to its disk (`WAITAOF`), so that a crash of Redis loses
   * nothing that counts as delivered. With `appendfsync everysec` that takes up to a second or two; events wait in the
   * tracker until then. Needs Redis 7.2 or later with `appendonly yes`.
   * @defaultValue false
   */
  durable?: boolean | undefined;
}

/**
 * Hands the events of a tracker to Redis, from where relays send them. While Redis is down, they stay in the tracker.
 *
 * It connects with the first event, and does not hold the process open.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function bullmqTransport(options: BullmqTransportOptions): Transport {
  const resolved = resolveBullmqOptions(options);
  const { durable = false } = options;
  if (typeof durable !== 'boolean') throw invalidOption('durable', 'true or false', durable);
  return new BullmqTransport({ ...resolved, durable });
}

class BullmqTransport implements Transport {
  readonly preferredBatch = { maxEvents: maxHandOverEvents, maxWaitMs };
  readonly #options: QueueLinkOptions;
  readonly #id = randomUUID();
  #jobs = 0;
  #link: QueueLink | undefined;
  /**
   * The jobs of events whose hand-over was not confirmed. When the tracker tries again, it may group the events in
   * another way. Their jobs stay the same, and so do the ids by which Redis knows those that it has already.
   */
  readonly #unconfirmed = new WeakMap<QueuedEvent, PendingJob>();

  constructor(options: QueueLinkOptions) {
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
    for (const kind of eventKinds) {
      const fresh = events.filter((event) => event.kind === kind && !this.#unconfirmed.has(event));
      if (fresh.length > 0) jobs.set(this.#newJob(kind, fresh), fresh);
    }
    for (const event of events) {
      const job = this.#unconfirmed.get(event);
      if (job) jobs.set(job, []);
    }
    try {
      await Promise.all([...jobs.keys()].map((job) => link.add(job)));
    } catch (error) {
      for (const [job, fresh] of jobs) for (const event of fresh) this.#unconfirmed.set(event, job);
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
