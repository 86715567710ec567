import { setTimeout as sleep } from 'node:timers/promises';
import type { TrackingError } from '@successeve/core';
import type { Job, Queue } from 'bullmq';
import { type HandOver, jobOptions, type Progress, type Rejection } from '../job.js';

/** The wait before a write that failed is repeated. */
const retryMs = 500;

/** BullMQ's codes below 0: another worker holds the job now, or the job is gone. */
const isNoLongerOurs = (error: unknown): boolean => Number((error as { code?: unknown }).code) < 0;

export interface TakenJobOptions {
  readonly queue: Queue;
  readonly job: Job;
  readonly token: string;
  readonly handOver: HandOver;
  readonly leasedUntil: number;
}

/** A job that this relay holds, and the results that it has yet to write to Redis. */
export class TakenJob {
  readonly job: Job;
  readonly token: string;
  /** When other relays may take the job, unless its lease is renewed, in epoch milliseconds. */
  leasedUntil: number;
  /** Lost to another relay: the lease was not renewed in time, or it was given back. */
  isLost = false;
  readonly #queue: Queue;
  readonly #handOver: HandOver;
  /** The indexes of the events that are neither delivered nor rejected. */
  readonly #open: Set<number>;
  /** Rejected events that are not yet failed jobs in Redis, by index. */
  readonly #rejected = new Map<number, Rejection>();
  #isWriteDue = false;
  #writing: Promise<void> | undefined;
  #isGivenUp = false;

  constructor({ queue, job, token, handOver, leasedUntil }: TakenJobOptions) {
    this.job = job;
    this.token = token;
    this.leasedUntil = leasedUntil;
    this.#queue = queue;
    this.#handOver = handOver;
    const { open } = (job.progress ?? {}) as Partial<Progress>;
    const all = [...handOver.events.keys()];
    this.#open = new Set(Array.isArray(open) ? all.filter((index) => open.includes(index)) : all);
  }

  /** The indexes of the events that are still to be sent. */
  get open(): readonly number[] {
    return [...this.#open];
  }

  get isDone(): boolean {
    return this.#open.size === 0;
  }

  /** Records in Redis which events are delivered, or rejected, so that no relay sends them again. */
  settle(indexes: readonly number[], error?: TrackingError): Promise<void> {
    for (const index of indexes) {
      this.#open.delete(index);
      if (!error) continue;
      const { message, status, body } = error;
      this.#rejected.set(index, { reason: message, status, body, rejectedAt: Date.now() });
    }
    this.#isWriteDue = true;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Puts the job back at the front of the queue, for another relay. */
  async giveBack(): Promise<void> {
    await this.#writing;
    if (this.isLost || this.isDone) return;
    await this.job.moveToWait(this.token);
    this.isLost = true;
  }

  /** Ends all writing. */
  giveUp(): void {
    this.#isGivenUp = true;
  }

  async #write(): Promise<void> {
    while (this.#isWriteDue && !this.#isGivenUp) {
      // One write covers all that is settled in the same turn.
      await Promise.resolve();
      this.#isWriteDue = false;
      try {
        await this.#writeOnce();
      } catch (error) {
        if (isNoLongerOurs(error)) await this.#leaveProgress();
        else {
          this.#isWriteDue = true;
          await sleep(retryMs);
        }
      }
    }
  }

  async #writeOnce(): Promise<void> {
    const isSingle = this.#handOver.events.length === 1;
    for (const [index, rejection] of this.#rejected) {
      if (isSingle) return this.#fail(rejection);
      await this.#isolate(index, rejection);
      this.#rejected.delete(index);
    }
    if (this.isDone) await this.job.moveToCompleted(undefined, this.token, false);
    else await this.#writeProgress(this.open);
  }

  #writeProgress(open: readonly number[]): Promise<void> {
    return this.job.updateProgress({ open } satisfies Progress);
  }

  /** Makes a job of one rejected event, which fails when a relay takes it. */
  async #isolate(index: number, rejection: Rejection): Promise<void> {
    const handOver: HandOver = { v: 1, events: this.#handOver.events.slice(index, index + 1), rejection };
    // At the front, so that it soon fails; with an id that makes it one job, however often it is added.
    const jobId = `${this.job.id}-${index}`;
    await this.#queue.add(this.job.name, handOver, { ...jobOptions, lifo: true, jobId });
  }

  async #fail(rejection: Rejection): Promise<void> {
    await this.job.updateData({ ...this.job.data, rejection });
    await failJob(this.job, this.token, rejection);
  }

  /** For the new owner. The API will reject the same events again. */
  async #leaveProgress(): Promise<void> {
    this.isLost = true;
    await this.#writeProgress([...this.#open, ...this.#rejected.keys()]).catch(() => {});
  }
}

/** Moves a job to the failed ones. */
export async function failJob(
  job: Job,
  token: string,
  { reason, body }: Pick<Rejection, 'reason'> & Partial<Rejection>,
): Promise<void> {
  const error = new Error(body ? `${reason}: ${body}` : reason);
  // BullMQ stores the stack; that of this package helps no reader.
  error.stack = '';
  await job.moveToFailed(error, token, false);
}
