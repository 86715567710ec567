import type { RateLimit, SendResult } from '@successeve/core';
import type { Kind } from '../job.js';

/** What became of everything in this relay, since it was created, and what all relays share. */
export interface RelayStats {
  /** Events that the API took, through this relay. */
  readonly delivered: Readonly<Record<Kind, number>>;
  /** Events that it refused for good; they are failed jobs now. */
  readonly refused: Readonly<Record<Kind, number>>;
  /** Requests to the API by what came of them. */
  readonly requests: Readonly<Record<SendResult['status'], number>>;
  /**
   * Events that came back from a relay that died, or that stood still for longer than its lease. Those that it was
   * sending at that moment are sent twice; it is at most so many.
   */
  readonly takenOver: number;
  /** Jobs that this relay found without their events, which are lost: Redis, or somebody, has removed them. */
  readonly lostJobs: number;
  /** Events in this relay: those that wait, and those in requests under way. */
  readonly held: number;
  readonly inFlight: number;
  /** When this relay goes on sending, in epoch milliseconds; `null` while nothing stops it. */
  readonly pausedUntil: number | null;
}

/** Whether a relay can do its work. */
export interface RelayHealth {
  readonly isHealthy: boolean;
  /** What keeps it from that, in words. */
  readonly problems: readonly string[];
}

/** What is in Redis of one kind. A job is what a tracker handed over at once: 1 to 100 events. */
export interface QueueState {
  readonly kind: Kind;
  readonly jobs: Readonly<Record<'waiting' | 'active' | 'delayed' | 'failed', number>>;
  /** For how long the first job has been waiting, in milliseconds. */
  readonly oldestMs: number;
}

/** Everything that is measured, at one moment. */
export interface Measurements {
  readonly stats: RelayStats;
  readonly isRedisUp: boolean;
  readonly isApiUp: boolean;
  /** Missing while Redis is away. */
  readonly queues: readonly QueueState[];
  readonly budget: RateLimit | undefined;
}
