import type { TrackingError } from '@successeve/core';
import type { Job, Queue } from 'bullmq';
import { type HandOver, jobOptions, type Kind, type Progress, type Refusal } from '../job.js';

/** How long to wait before something is written again that Redis did not take. */
const retryMs = 500;

/** The codes of BullMQ that say that somebody else holds the job by now, or that it is gone. */
const isNoLongerOurs = (error: unknown): boolean => Number((error as { code?: unknown }).code) < 0;

export interface TakenJobOptions {
  readonly queue: Queue;
  readonly job: Job;
  readonly token: string;
  readonly handOver: HandOver & { readonly kind: Kind };
  readonly leasedUntil: number;
}

/** A job that this relay holds, and what it has yet to tell Redis of it. */
export class TakenJob {
  readonly kind: Kind;
  readonly job: Job;
  readonly token: string;
  /** When the others take this relay for dead, unless the lease is renewed, in epoch milliseconds. */
  leasedUntil: number;
  /** Somebody else has it now, or will have: it was not heard of us for too long. */
  isLost = false;
  readonly #queue: Queue;
  readonly #handOver: HandOver;
  /** The places of the events that are neither delivered nor refused. */
  readonly #open: Set<number>;
  readonly #refused: { readonly place: number; readonly refusal: Refusal }[] = [];
  #isWriteDue = false;
  #writing: Promise<void> | undefined;
  #isGivenUp = false;

  constructor({ queue, job, token, handOver, leasedUntil }: TakenJobOptions) {
    this.#queue = queue;
    this.job = job;
    this.token = token;
    this.leasedUntil = leasedUntil;
    this.kind = handOver.kind;
    this.#handOver = handOver;
    const { open } = (job.progress ?? {}) as Partial<Progress>;
    const places = [...handOver.events.keys()];
    this.#open = new Set(Array.isArray(open) ? places.filter((place) => open.includes(place)) : places);
  }

  /** The places of the events that are to be sent. */
  get open(): readonly number[] {
    return [...this.#open];
  }

  get isDone(): boolean {
    return this.#open.size === 0;
  }

  /** Notes in Redis what was delivered, so that nobody sends it again. Many notes at once become one. */
  settle(places: readonly number[]): Promise<void> {
    for (const place of places) this.#open.delete(place);
    return this.#write();
  }

  /** Keeps an event that the API refused as a failed job. */
  refuse(place: number, { message, status, body }: TrackingError): Promise<void> {
    this.#refused.push({ place, refusal: { reason: message, status, body, refusedAt: Date.now() } });
    return this.settle([place]);
  }

  /** Puts the job back in front of the others, for whoever takes it next. */
  async giveBack(): Promise<void> {
    await this.#writing;
    if (this.isLost || this.isDone) return;
    await this.job.moveToWait(this.token);
    this.isLost = true;
  }

  /** Writes no more. */
  giveUp(): void {
    this.#isGivenUp = true;
  }

  #write(): Promise<void> {
    this.#isWriteDue = true;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#isWriteDue && !this.#isGivenUp) {
      // What is settled in the same turn goes along.
      await Promise.resolve();
      this.#isWriteDue = false;
      try {
        await this.#writeOnce();
      } catch (error) {
        if (isNoLongerOurs(error)) await this.#leaveNote();
        else {
          this.#isWriteDue = true;
          await new Promise((resolve) => setTimeout(resolve, retryMs));
        }
      }
    }
  }

  async #writeOnce(): Promise<void> {
    const { events } = this.#handOver;
    let [first] = this.#refused;
    if (first && events.length === 1) return this.#fail(first.refusal);
    while (first) {
      await this.#isolate(first.place, first.refusal);
      this.#refused.shift();
      [first] = this.#refused;
    }
    if (this.isDone) await this.job.moveToCompleted(undefined, this.token, false);
    else await this.#note(this.open);
  }

  #note(open: readonly number[]): Promise<void> {
    return this.job.updateProgress({ open } satisfies Progress);
  }

  /** Makes one event of many a job of its own, which fails when it is taken. */
  async #isolate(place: number, refusal: Refusal): Promise<void> {
    const event = this.#handOver.events[place];
    if (!event) return;
    const handOver: HandOver = { v: 1, events: [event], refusal };
    // At the front, so that it is where people look for it soon; by an id that makes it one job, however often it is added.
    await this.#queue.add(this.kind, handOver, {
      ...jobOptions,
      lifo: true,
      jobId: `${this.job.id}-${place}`,
    });
  }

  async #fail(refusal: Refusal): Promise<void> {
    await this.job.updateData({ ...this.job.data, refusal });
    await failJob(this.job, this.token, refusal);
  }

  /** For whoever has the job by now; what was refused and is not kept yet, they will be told themselves. */
  async #leaveNote(): Promise<void> {
    this.isLost = true;
    const unkept = this.#refused.map(({ place }) => place);
    await this.#note([...this.#open, ...unkept]).catch(() => {});
  }
}

/** Moves a job to the failed ones, with what the API answered as its reason, or why there was nothing to ask it. */
export async function failJob(
  job: Job,
  token: string,
  { reason, body }: Pick<Refusal, 'reason'> & Partial<Refusal>,
): Promise<void> {
  const error = new Error(body ? `${reason}: ${body}` : reason);
  // Where in this package that was is of no use to anybody.
  error.stack = '';
  await job.moveToFailed(error, token, false);
}
