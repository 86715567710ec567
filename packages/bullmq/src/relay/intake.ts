import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RelayLog } from './relay-log.js';

/** How long BullMQ waits for a job before it returns without one, in seconds. */
const drainDelay = 1;

/** The wait after a failure, in milliseconds. */
const retryMs = 1_000;

export interface IntakeOptions {
  readonly connection: Redis;
  readonly queueName: string;
  readonly prefix: string;
  readonly leaseMs: number;
  /** The first part of the tokens of this relay's leases. */
  readonly relayId: string;
  /** Whether the relay has room for another job. */
  readonly hasRoom: () => boolean;
  readonly take: (job: Job, token: string) => Promise<void>;
  readonly log: RelayLog;
}

/** Takes jobs from one BullMQ queue, one after the other, while the relay has room. */
export class Intake {
  readonly worker: Worker;
  readonly #options: IntakeOptions;
  readonly #ended: Promise<void>;
  #isClosing = false;
  #onRoom: () => void = () => {};

  constructor(options: IntakeOptions) {
    this.#options = options;
    const { connection, queueName, prefix, leaseMs, log } = options;
    // Without a processor: the relay takes jobs itself, since many of them may go in one request.
    this.worker = new Worker(queueName, null, {
      connection,
      prefix,
      name: `${hostname()}-${process.pid}`,
      autorun: false,
      skipVersionCheck: true,
      drainDelay,
      lockDuration: leaseMs,
      stalledInterval: leaseMs / 2,
      // The death of a relay is never the fault of a job.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    this.worker.on('error', (error) => log.commandFailed(error));
    void this.worker.startStalledCheckTimer();
    this.#ended = this.#run();
  }

  /** Call this when there may be room again. */
  wake(): void {
    this.#onRoom();
  }

  /** Takes no more jobs; resolves when the last one is in the relay. */
  stop(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.wake();
      // Ends the wait for a job. A job that is on its way comes over the other connection.
      this.worker
        .getBackend()
        .disconnectBlocking(false)
        .catch(() => {});
    }
    return this.#ended;
  }

  async #run(): Promise<void> {
    const { hasRoom, take, relayId, log } = this.#options;
    let failures = 0;
    for (let n = 0; !this.#isClosing; ) {
      if (!hasRoom()) {
        await new Promise<void>((resolve) => {
          this.#onRoom = resolve;
        });
        continue;
      }
      try {
        const token = `${relayId}:${++n}`;
        const job = await this.worker.getNextJob(token);
        if (job) await take(job, token);
        failures = 0;
        log.resolved('the queue');
      } catch (error) {
        // A lost connection is reported by itself, before the second failure.
        if (++failures > 1 && !log.isRedisDown) log.problem('the queue', (error as Error).message);
        await sleep(retryMs);
      }
    }
  }
}
