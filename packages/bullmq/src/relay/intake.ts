import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Journal } from './relay-log.js';

/** How long one look for jobs takes where there are none, in seconds. */
const drainDelay = 1;

/** The wait after a look that failed, in milliseconds. */
const retryMs = 1_000;

export interface IntakeOptions {
  readonly connection: Redis;
  readonly queueName: string;
  readonly prefix: string;
  readonly leaseMs: number;
  /** Who takes, for those who look into the queue. */
  readonly name: string;
  /** Tells the leases of one relay from those of another. */
  readonly relayId: string;
  /** Whether there is room for another job. */
  readonly isHungry: () => boolean;
  readonly take: (job: Job, token: string) => Promise<void>;
  readonly journal: Journal;
}

/** Takes jobs of one queue, one after the other, for as long as there is room for them. */
export class Intake {
  readonly worker: Worker;
  readonly #options: IntakeOptions;
  #isClosing = false;
  #taken = 0;
  #onAppetite: () => void = () => {};
  readonly #ended: Promise<void>;

  constructor(options: IntakeOptions) {
    this.#options = options;
    const { connection, queueName, prefix, leaseMs, name, journal } = options;
    // Without a function that does the work: we take jobs ourselves, since many of them may go in one request.
    this.worker = new Worker(queueName, null, {
      connection,
      prefix,
      name,
      autorun: false,
      skipVersionCheck: true,
      drainDelay,
      lockDuration: leaseMs,
      stalledInterval: leaseMs / 2,
      // Relays may die as often as they like; it is never the job's fault.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    this.worker.on('error', (error) => journal.commandFailed(error));
    void this.worker.startStalledCheckTimer();
    this.#ended = this.#run();
  }

  /** There may be room again. */
  look(): void {
    this.#onAppetite();
  }

  /** Takes no more jobs; resolves when it has its last. */
  stop(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#onAppetite();
      // What waits for a job need not wait to the end. A job that is on its way comes by the other connection.
      this.worker
        .getBackend()
        .disconnectBlocking(false)
        .catch(() => {});
    }
    return this.#ended;
  }

  async #run(): Promise<void> {
    const { isHungry, take, relayId, journal } = this.#options;
    while (!this.#isClosing) {
      if (!isHungry()) {
        await new Promise<void>((resolve) => {
          this.#onAppetite = resolve;
        });
        continue;
      }
      try {
        const token = `${relayId}:${++this.#taken}`;
        const job = await this.worker.getNextJob(token);
        if (job) await take(job, token);
        journal.ended('the queue');
      } catch (error) {
        journal.intakeFailed(error as Error);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }
}
