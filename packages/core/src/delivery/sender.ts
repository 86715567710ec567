import { describe, TrackingError } from '../errors.js';
import { isObject } from '../event/json.js';
import { isUpdateKind } from '../event/update.js';
import { readQueuedEvent } from '../event/wire.js';
import type { Queue, QueuedEvent } from '../queue/queue.js';
import type { DropReason } from '../reasons.js';
import { publish } from '../reporting/channels.js';
import { nounOf, type Reporter } from '../reporting/reporter.js';
import { longestTimerMs, nextTurn, startTimer, type Timer } from '../runtime/timers.js';
import type { RateLimit } from '../transport/rate-limit.js';
import { type BatchOptions, isSendResult, type SendResult, type Transport } from '../transport/transport.js';
import { backoffMs, type RetryOptions } from './backoff.js';
import { Clock } from './clock.js';
import { Gate } from './gate.js';
import type { Ledger } from './ledger.js';
import { Troubles } from './suspects.js';
import type { Updates } from './update-order.js';

export interface SenderOptions {
  readonly queue: Queue;
  readonly transport: Transport;
  readonly ledger: Ledger;
  readonly reporter: Reporter;
  readonly updates: Updates;
  readonly retry: Required<RetryOptions>;
  readonly batch: Required<BatchOptions> | undefined;
}

/** One request to the API, and what was so when it began. */
interface Attempt {
  readonly events: readonly QueuedEvent[];
  readonly isBatch: boolean;
  readonly generation: number;
  readonly startedAt: number;
}

type Unavailable = Extract<SendResult, { status: 'unavailable' }>;

/** How often an event may fail on its own account before it is given up. */
const maxOwnFailures = 10;

/** Takes events from the queue to the transport, as fast as the gate allows, and decides what becomes of each. */
export class Sender {
  readonly #queue: Queue;
  readonly #transport: Transport;
  readonly #ledger: Ledger;
  readonly #reporter: Reporter;
  readonly #updates: Updates;
  readonly #gate: Gate;
  readonly #clock = new Clock();
  readonly #retry: Required<RetryOptions>;
  readonly #batch: Required<BatchOptions> | undefined;
  /** Whether the API answered that it knows no batches. */
  #isBatchMissing = false;
  #requests = 0;
  #eventsInFlight = 0;
  #retries = 0;
  #lastError: TrackingError | null = null;
  /** Parts of a batch that is being searched for its offender; they go first. */
  #parts: QueuedEvent[][] = [];
  /** What failed while the API was away. It waits for the API to answer, so that each probe is another event. */
  #held: QueuedEvent[] = [];
  readonly #troubles = new Troubles();
  /** Since when a batch has been waiting to fill up. */
  #batchSince: number | undefined;
  #isPumpDue = false;
  /** Starts no more requests; `#onIdle` is told when those under way have ended. */
  #isDraining = false;
  #onIdle: () => void = () => {};
  #isStopped = false;
  #isClosed = false;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor({ queue, transport, ledger, reporter, updates, retry, batch }: SenderOptions) {
    this.#queue = queue;
    this.#transport = transport;
    this.#ledger = ledger;
    this.#reporter = reporter;
    this.#updates = updates;
    this.#gate = new Gate(retry);
    this.#retry = retry;
    this.#batch = batch;
  }

  /** Starts up the queue; it may find what an earlier process left behind. */
  open(): void {
    this.#callQueue(() =>
      this.#queue.open?.({
        wake: () => this.wake(),
        error: (error) => {
          this.#lastError = error;
          this.#reporter.error(error);
        },
        adopt: () => this.#ledger.adopt(),
        disown: (events) => this.#ledger.disown(events),
      }),
    );
  }

  get eventsInFlight(): number {
    return this.#eventsInFlight;
  }

  /** Events that wait, wherever they do. */
  get queued(): number {
    const inParts = this.#parts.reduce((sum, part) => sum + part.length, 0);
    return this.#queue.length + this.#held.length + this.#troubles.setAside + this.#updates.later + inParts;
  }

  get retries(): number {
    return this.#retries;
  }

  get lastError(): TrackingError | null {
    return this.#lastError;
  }

  get rateLimit(): RateLimit | null {
    const { budget } = this.#gate;
    if (!budget) return null;
    const { resetsAt } = budget;
    return { ...budget, resetsAt: resetsAt === undefined ? undefined : this.#clock.toEpoch(resetsAt) };
  }

  get pausedUntil(): number | null {
    const until = this.#gate.pausedUntil(this.#clock.now());
    return until === undefined ? null : this.#clock.toEpoch(until);
  }

  /** Takes an accepted event. It is sent in a later turn of the event loop, never in the caller's. */
  push(event: QueuedEvent): void {
    const dropped = this.#callQueue(() => this.#queue.push(event)) ?? [event];
    for (const each of dropped) {
      this.#drop(each, 'queue_full', new TrackingError('queue_full', 'the queue is full'), false);
    }
    if (isUpdateKind(event.kind) && dropped[0] !== event) this.#updates.waits(event);
    // So far a single event failed, and it may be the one at fault: the first other one finds out at once.
    if (this.#held.length === 1 && this.#queue.length === 1) this.#gate.probeNow(this.#clock.now());
    if (!this.#isFillingUp) this.wake();
  }

  /** Looks for work in the next turn of the event loop. */
  wake(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    nextTurn(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  /**
   * Looks for work at once, since somebody waits for it: with no timer in between, so that a test that has faked them
   * and awaits `flush` gets its answer.
   */
  async hurry(): Promise<void> {
    // Still not in the caller's own turn: what it does next comes first.
    await undefined;
    this.#pump();
  }

  /** Tries the API at once, even in the middle of a back-off. */
  probeNow(): void {
    this.#gate.probeNow(this.#clock.now());
    this.wake();
  }

  /** Resolves when everything accepted so far would survive this process, as far as the queue can do that. */
  async persisted(): Promise<void> {
    await this.#callQueue(async () => this.#queue.persisted?.());
  }

  /** Starts no more requests, and resolves when those under way have ended. */
  drain(): Promise<void> {
    this.#isDraining = true;
    if (this.#requests === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Sends nothing more, and cuts off the requests under way. The queue still takes events. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const waiting = [
      ...this.#parts.flat(),
      ...this.#held,
      ...this.#troubles.takeAll(),
      ...this.#updates.takeAll(),
    ];
    this.#parts = [];
    this.#held = [];
    this.#abandon(waiting);
    this.#reporter.call('the transport', () => this.#transport.close?.());
    this.#ledger.stopWaiting();
  }

  /** Closes the queue. The events in it are dropped, unless the queue keeps them for the next process. */
  close(): void {
    this.stop();
    this.#isClosed = true;
    this.#abandon([]);
  }

  /** Returns events to the queue; one that is closed has to be closed again after that. */
  #abandon(events: readonly QueuedEvent[]): void {
    this.#callQueue(() => {
      this.#queue.release(events);
      if (!this.#isClosed) return;
      const error = new TrackingError('closed', 'the tracker was closed before the event could be delivered');
      for (const event of this.#queue.close()) this.#drop(event, 'closed', error, false);
    });
  }

  #callQueue<Result>(call: () => Result): Result | undefined {
    return this.#reporter.call('the queue', call);
  }

  #pump(): void {
    if (this.#isStopped || this.#isDraining) return;
    this.#callQueue(() => {
      const now = this.#clock.now();
      while (this.#gate.admits(this.#requests, now)) {
        const events = this.#next(now);
        if (!events) break;
        this.#callQueue(() => this.#send(events));
      }
      this.#setTimer(now);
    });
  }

  /** The events of the next request: one, or a batch. */
  #next(now: number): QueuedEvent[] | undefined {
    const part = this.#parts.shift();
    if (part) return part;
    // Probes are for events nobody suspects: an event that is at fault says nothing about the API.
    if (!this.#gate.isPaused) {
      const retried = this.#troubles.takeDue(now);
      if (retried) return [retried];
    }
    if (this.#queue.length === 0 && this.#held.length > 0 && this.#requests === 0) this.#releaseHeld();
    if (this.#queue.length === 0) {
      const retried = this.#troubles.takeDue(now);
      return retried && [retried];
    }
    const batch = this.#currentBatch;
    // A probe is one event: the less goes out, the less a poison event can spoil.
    if (!batch || this.#gate.isPaused) return this.#lease(1);
    if (!this.#isBatchDue(batch, now)) return undefined;
    this.#batchSince = undefined;
    return this.#lease(batch.maxEvents);
  }

  /** None where the queue has to fetch them first; it wakes us then. */
  #lease(limit: number): QueuedEvent[] | undefined {
    for (;;) {
      const leased = this.#queue.lease(limit);
      const events = leased.filter((event) => !isUpdateKind(event.kind) || this.#hasItsTurn(event));
      if (events.length > 0) return events;
      if (leased.length > 0) continue;
      // Updates may wait for one that is held itself: then no answer will come to end that.
      if (this.#updates.later === 0 || this.#held.length === 0 || this.#requests > 0) return undefined;
      this.#releaseHeld();
    }
  }

  /** Whether an update goes now, rather than after another one, or never. */
  #hasItsTurn(update: QueuedEvent): boolean {
    const turn = this.#updates.turnOf(update);
    if (turn === 'never') {
      this.#queue.settle([update]);
      this.#ledger.retract(update.id);
      this.#letNextGo([update]);
    }
    return turn === 'now';
  }

  /** Lets those updates wait among the others again whose turn comes after these. */
  #letNextGo(events: readonly QueuedEvent[]): void {
    const next = events.flatMap((event) => (isUpdateKind(event.kind) && this.#updates.ended(event)) || []);
    if (next.length > 0) this.#queue.release(next);
  }

  get #currentBatch(): Required<BatchOptions> | undefined {
    return this.#isBatchMissing ? undefined : this.#batch;
  }

  #isBatchDue({ maxEvents, maxWaitMs }: Required<BatchOptions>, now: number): boolean {
    this.#batchSince ??= now;
    return this.#queue.length >= maxEvents || now >= this.#batchSince + maxWaitMs || this.#ledger.isAwaited;
  }

  async #send(events: QueuedEvent[]): Promise<void> {
    const attempt: Attempt = {
      events,
      isBatch: this.#currentBatch !== undefined,
      generation: this.#gate.generation,
      startedAt: this.#clock.now(),
    };
    this.#requests++;
    this.#eventsInFlight += events.length;
    const result = await this.#attempt(attempt);
    this.#requests--;
    this.#eventsInFlight -= events.length;
    const now = this.#clock.now();
    this.#learn(result, now);
    this.#settle(attempt, result, now);
    this.#report(attempt, result, now);
    if (this.#requests === 0) this.#onIdle();
    this.#pump();
  }

  async #attempt({ events, isBatch }: Attempt): Promise<SendResult> {
    try {
      const result: unknown = await this.#transport.send(events, { batch: isBatch });
      if (isSendResult(result)) return result;
      const got = isObject(result) ? `the status ${String(result.status)}` : describe(result);
      return transportFailed(`expected the transport to resolve with a SendResult, got ${got}`);
    } catch (cause) {
      return transportFailed('the transport failed', cause);
    }
  }

  #learn({ rateLimit }: SendResult, now: number): void {
    const resetsAt = rateLimit?.resetsAt;
    if (!rateLimit || resetsAt === undefined) this.#gate.learn(rateLimit, now);
    else this.#gate.learn({ ...rateLimit, resetsAt: this.#clock.fromEpoch(resetsAt) }, now);
  }

  /** Decides what becomes of the events of one request. */
  #settle(attempt: Attempt, result: SendResult, now: number): void {
    if ('error' in result) this.#lastError = result.error;
    if (result.status === 'delivered') {
      this.#delivered(attempt.events);
      this.#gate.delivered(now);
    } else if (this.#isStopped) this.#abandon(attempt.events);
    else if (result.status === 'rate_limited') {
      this.#release(attempt.events);
      this.#gate.rateLimited(attempt.generation, now);
    } else if (result.status === 'unavailable') this.#unavailable(attempt, result, now);
    else if (result.status === 'misconfigured') this.#misconfigured(attempt, result.error, now);
    else this.#rejected(attempt, result.error, now);
  }

  #delivered(events: readonly QueuedEvent[]): void {
    this.#queue.settle(events);
    this.#troubles.forget(events);
    for (const { id } of events) this.#ledger.settleDelivered(id);
    this.#letNextGo(events);
    publish('delivered', () => ({ events: events.map(readQueuedEvent) }));
    this.#releaseHeld();
  }

  #unavailable({ events, generation }: Attempt, { error, areInnocent }: Unavailable, now: number): void {
    const { delivered } = this.#ledger;
    if (areInnocent || !this.#troubles.areSuspect(events, delivered, error)) {
      this.#troubles.note(events, delivered);
      this.#hold(events);
      if (this.#gate.unavailable(generation, now)) this.#reporter.error(error);
    } else if (events.length > 1) this.#split(events);
    else for (const event of events) this.#blame(event, error, now);
  }

  /** One event keeps failing while others are accepted: it is tried again later, alone, and at last given up. */
  #blame(event: QueuedEvent, error: TrackingError, now: number): void {
    const failures = this.#troubles.blame(event, this.#ledger.delivered);
    if (failures < maxOwnFailures) {
      this.#retries++;
      this.#troubles.putAside(event, now + backoffMs(failures, this.#retry));
      return;
    }
    const { status, body } = error;
    const message = `the API failed ${failures} times on this event while it accepted others: ${error.message}`;
    this.#drop(event, 'rejected', new TrackingError('rejected', message, { status, body }));
  }

  #misconfigured({ events, isBatch, generation }: Attempt, error: TrackingError, now: number): void {
    const [event] = events;
    if (error.status === 404 && !isBatch && event && isUpdateKind(event.kind) && this.#ledger.delivered > 0) {
      // Neither contacts nor accounts are in the API contract: where they are missing, events still work.
      const { status, body } = error;
      return this.#drop(event, 'rejected', new TrackingError('rejected', error.message, { status, body }));
    }
    if (error.status === 404 && isBatch) {
      // `/v1/batch` is not in the API contract: where it is missing, one event a request still works.
      this.#isBatchMissing = true;
      this.#reporter.warnOnce(
        'batch',
        'the API knows no batches (404): sending one event a request from now on',
      );
      this.#release([...events, ...this.#parts.flat()]);
      this.#parts = [];
      return;
    }
    this.#lastError = error;
    // It is more than the batches that is not found there.
    if (error.status === 404) this.#isBatchMissing = false;
    this.#hold(events);
    if (this.#gate.misconfigured(generation, now)) this.#reporter.error(error);
  }

  #rejected(attempt: Attempt, error: TrackingError, now: number): void {
    const [event] = attempt.events;
    if (!event || attempt.events.length > 1) this.#split(attempt.events);
    else if (error.status === 400 && this.#ledger.delivered === 0) {
      // The API answers 400 for a wrong key too: until it has accepted something, the event may be innocent.
      const message = 'the API answered 400 and has accepted nothing yet: check apiToken, then the event';
      const { status, body } = error;
      this.#misconfigured(attempt, new TrackingError('misconfigured', message, { status, body }), now);
    } else this.#drop(event, 'rejected', error);
  }

  /** Looks for the offender: one bad event never sinks the others. */
  #split(events: readonly QueuedEvent[]): void {
    // Another answer said meanwhile that there are no batches: each goes alone.
    if (!this.#currentBatch) return this.#release(events);
    const middle = Math.ceil(events.length / 2);
    this.#retries += events.length;
    this.#parts.push(events.slice(0, middle), events.slice(middle));
  }

  #hold(events: readonly QueuedEvent[]): void {
    this.#retries += events.length;
    this.#held.push(...events);
  }

  #release(events: readonly QueuedEvent[]): void {
    this.#retries += events.length;
    this.#putBack(events);
  }

  #releaseHeld(): void {
    if (this.#held.length === 0) return;
    this.#putBack(this.#held);
    this.#held = [];
  }

  #putBack(events: readonly QueuedEvent[]): void {
    this.#queue.release(events);
    this.#letNextGo(events);
  }

  #drop(event: QueuedEvent, reason: DropReason, error: TrackingError, isLeased = true): void {
    if (isUpdateKind(event.kind)) {
      if (this.#updates.forgetSuperseded(event)) return this.#ledger.retract(event.id);
      this.#updates.dropped(event);
    }
    if (isLeased) {
      this.#queue.settle([event], error);
      this.#letNextGo([event]);
    }
    this.#troubles.forget([event]);
    this.#ledger.settleDropped(event.id, reason);
    this.#reporter.drop(event.kind, () => readQueuedEvent(event), reason, error);
  }

  /** Wakes up for whatever comes first: the end of a pause, an event set aside, a batch that waited long enough. */
  #setTimer(now: number): void {
    const at = this.#gate.pausedUntil(now) ?? Math.min(this.#troubles.nextDueAt, this.#batchDueAt);
    if (at === this.#timerAt) return;
    clearTimeout(this.#timer);
    // What is due already waits for a request to end, not for time to pass.
    this.#timerAt = at > now ? at : Number.POSITIVE_INFINITY;
    if (this.#timerAt === Number.POSITIVE_INFINITY) return;
    this.#timer = startTimer(
      () => {
        this.#timerAt = Number.POSITIVE_INFINITY;
        this.#pump();
      },
      Math.min(at - now, longestTimerMs),
    );
  }

  /** Whether a batch waits for more events, and something will look at it again. */
  get #isFillingUp(): boolean {
    const batch = this.#currentBatch;
    if (!batch || this.#batchSince === undefined || this.#timerAt === Number.POSITIVE_INFINITY) return false;
    return this.#queue.length < batch.maxEvents && !this.#gate.isPaused && !this.#ledger.isAwaited;
  }

  get #batchDueAt(): number {
    if (!this.#batch || this.#batchSince === undefined) return Number.POSITIVE_INFINITY;
    return this.#batchSince + this.#batch.maxWaitMs;
  }

  #report({ events, startedAt }: Attempt, result: SendResult, now: number): void {
    const error = 'error' in result ? result.error : undefined;
    const durationMs = now - startedAt;
    publish('request', () => ({
      result: result.status,
      httpStatus: error?.status,
      events: events.length,
      durationMs,
      rateLimit: result.rateLimit,
    }));
    this.#reporter.debug(() => {
      const why = error ? ` (${error.message})` : '';
      return `sent ${inWords(events)} in ${durationMs} ms: ${result.status}${why}`;
    });
  }
}

function transportFailed(message: string, cause?: unknown): SendResult {
  return { status: 'unavailable', error: new TrackingError('unavailable', message, { cause }) };
}

/** Such as `1 contact, 3 events`. */
function inWords(events: readonly QueuedEvent[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of events) counts.set(nounOf(kind), (counts.get(nounOf(kind)) ?? 0) + 1);
  return [...counts].map(([noun, count]) => `${count} ${noun}${count === 1 ? '' : 's'}`).join(', ');
}
