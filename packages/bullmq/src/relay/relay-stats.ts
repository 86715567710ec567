import type { RateLimit, SendResult } from '@successeve/core';
import type { EventKind } from '@successeve/core/queue';

/** What a relay counts from its creation on. */
export interface RelayCounts {
  /** Events that the API accepted from this relay. */
  readonly delivered: Readonly<Record<EventKind, number>>;
  /** Events that the API rejected; they are failed jobs now. */
  readonly rejected: Readonly<Record<EventKind, number>>;
  /** Requests to the API, by their result. */
  readonly requests: Readonly<Record<SendResult['status'], number>>;
  /**
   * Events that this relay took over from one that died, or that was frozen for longer than its lease. Those that were
   * being sent at that moment are sent twice: at most this many.
   */
  readonly takenOver: number;
  /** Jobs that this relay found without their events, which are lost: Redis evicted them, or someone deleted them. */
  readonly lostJobs: number;
}

/** What happened to the events of this relay since it was created. */
export interface RelayStats extends RelayCounts {
  /** Events in this relay: those that wait, and those in requests under way. */
  readonly held: number;
  readonly inFlight: number;
  /** When this relay sends again, in epoch milliseconds; `null` while it is not paused. */
  readonly pausedUntil: number | null;
}

/** Whether a relay can do its work. */
export interface RelayHealth {
  readonly isHealthy: boolean;
  /** The reasons why not, in words. */
  readonly problems: readonly string[];
}

/** The jobs of one kind in Redis. A job is what a tracker handed over at once: 1 to 100 events. */
export interface QueueState {
  readonly kind: EventKind;
  readonly jobs: Readonly<Record<'waiting' | 'active' | 'delayed' | 'failed', number>>;
  /** How long the first job has been waiting, in milliseconds. */
  readonly oldestMs: number;
}

/** Everything that is measured, at one moment. */
export interface Measurements {
  readonly stats: RelayStats;
  readonly isRedisUp: boolean;
  readonly isApiUp: boolean;
  /** Empty while Redis is down. */
  readonly queues: readonly QueueState[];
  readonly budget: RateLimit | undefined;
}
