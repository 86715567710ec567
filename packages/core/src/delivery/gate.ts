import type { RateLimit } from '../transport/rate-limit.js';
import { maxSockets } from '../transport/transport.js';
import { probeDelayMs, type RetryOptions } from './backoff.js';

type PauseReason = 'rate_limited' | 'unavailable' | 'misconfigured';

interface Pause {
  readonly reason: PauseReason;
  /** When the next request may go, in epoch milliseconds. It goes alone: a probe. */
  readonly until: number;
  /** When the cause of the pause began, and how many requests in a row have met it. */
  readonly since: number;
  readonly failures: number;
}

/** How long a faulty set-up is left alone between probes. Our choice: a person has to correct it first. */
const misconfiguredProbeMs = 60_000;

/** The API's window, from the vendor's reference: how long a budget that was reported once is assumed. */
const windowMs = 300_000;

/**
 * The one gate that every request to the API passes: it knows whether anything may be sent now, and how many
 * requests at once. One gate a tracker, because the budget and an outage concern all of its events alike.
 */
export class Gate {
  readonly #retry: Required<RetryOptions>;
  #pause: Pause | undefined;
  /** Rises with every pause: the result of a request from before it is out of date. */
  #generation = 0;
  /** How many requests may be in flight: one until the API has responded, then doubling with each delivery. */
  #width = 1;
  #budget: RateLimit | undefined;
  /** When an assumed budget is forgotten. */
  #assumedUntil = Number.POSITIVE_INFINITY;

  constructor(retry: Required<RetryOptions>) {
    this.#retry = retry;
  }

  get generation(): number {
    return this.#generation;
  }

  get budget(): RateLimit | undefined {
    return this.#budget;
  }

  /** Whether the API is being waited for; the next request is a probe. */
  get isPaused(): boolean {
    return this.#pause !== undefined;
  }

  /** When a pause ends, or ended: the next request is a probe. */
  get resumesAt(): number | undefined {
    return this.#pause?.until;
  }

  /** When the next request may go, where it may not go now. */
  pausedUntil(now: number): number | undefined {
    return this.#pause && this.#pause.until > now ? this.#pause.until : undefined;
  }

  /** Whether one more request may start, with `inFlight` under way. */
  admits(inFlight: number, now: number): boolean {
    if (this.#pause) return now >= this.#pause.until && inFlight === 0;
    return inFlight < Math.min(this.#width, this.#remaining(now));
  }

  /** A request was accepted: the API is available. */
  delivered(now: number): void {
    if (this.#pause?.reason !== 'rate_limited' || now >= this.#pause.until) this.#pause = undefined;
    this.#width = Math.min(maxSockets, this.#width * 2);
  }

  /** @returns whether this is news: the beginning of an outage. */
  unavailable(generation: number, now: number): boolean {
    return this.#fail('unavailable', generation, now);
  }

  /** @returns whether this is news: nothing of the kind was known. */
  misconfigured(generation: number, now: number): boolean {
    return this.#fail('misconfigured', generation, now);
  }

  /** The budget is used up: waits for the reset, or, if the response named none, backs off. */
  rateLimited(generation: number, now: number): void {
    const resetsAt = this.#budget?.resetsAt ?? 0;
    if (resetsAt > now) {
      const until = Math.max(resetsAt, this.#pause?.until ?? 0);
      this.#begin({ reason: 'rate_limited', until, since: now, failures: 0 });
    } else this.#fail('rate_limited', generation, now);
  }

  /** Takes over the budget that a response reported; `undefined` where it reported none. */
  learn(reported: RateLimit | undefined, now: number): void {
    this.#turnWindow(now);
    if (!reported) {
      this.#countDown();
      return;
    }
    const known = this.#budget;
    const resetsAt = reported.resetsAt ?? known?.resetsAt;
    // Responses overtake each other; within a window the budget only shrinks.
    const isShrinking = known?.resetsAt !== undefined && known.remaining !== undefined;
    const remaining = isShrinking
      ? Math.min(known.remaining, reported.remaining ?? known.remaining)
      : reported.remaining;
    this.#budget = { limit: reported.limit ?? known?.limit, remaining, resetsAt };
    this.#assumedUntil = Number.POSITIVE_INFINITY;
    if (remaining === 0) this.rateLimited(this.#generation, now);
  }

  /** Lets one probe go at once, since the process may end soon. A spent budget stays spent. */
  probeNow(now: number): void {
    if (this.#pause && this.#pause.reason !== 'rate_limited') this.#pause = { ...this.#pause, until: now };
  }

  #fail(reason: PauseReason, generation: number, now: number): boolean {
    if (generation !== this.#generation) return false;
    const { since, failures } = this.#pause?.reason === reason ? this.#pause : { since: now, failures: 0 };
    const until = now + this.#delayMs(reason, failures + 1, now - since);
    this.#begin({ reason, until, since, failures: failures + 1 });
    return failures === 0;
  }

  #delayMs(reason: PauseReason, failures: number, outageMs: number): number {
    if (reason === 'misconfigured') return misconfiguredProbeMs;
    const delayMs = probeDelayMs(failures, outageMs, this.#retry);
    return reason === 'rate_limited' ? Math.max(this.#retry.minDelayMs, delayMs) : delayMs;
  }

  #begin(pause: Pause): void {
    this.#pause = pause;
    this.#generation++;
    this.#width = 1;
  }

  #remaining(now: number): number {
    this.#turnWindow(now);
    return this.#budget?.remaining ?? Number.POSITIVE_INFINITY;
  }

  /** After the reset there is a new window. Its budget is assumed to be the last limit, for one window. */
  #turnWindow(now: number): void {
    const resetsAt = this.#budget?.resetsAt;
    if (this.#budget && resetsAt !== undefined && now >= resetsAt) {
      const { limit } = this.#budget;
      // At least one, even for a limit of zero: otherwise no request would ever find out more.
      const remaining = limit === undefined ? undefined : Math.max(1, limit);
      this.#budget = { limit, remaining, resetsAt: undefined };
      this.#assumedUntil = resetsAt + windowMs;
    }
    if (this.#budget && now >= this.#assumedUntil) this.#budget = { ...this.#budget, remaining: undefined };
  }

  /**
   * A response without a budget: the last one is counted down, but never to nothing, since only the API knows when it
   * is spent. Near the end there is one request at a time, and so one 429 instead of many.
   */
  #countDown(): void {
    if (this.#budget?.remaining === undefined) return;
    this.#budget = { ...this.#budget, remaining: Math.max(1, this.#budget.remaining - 1) };
  }
}
