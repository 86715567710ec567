import { TrackingError, withCode } from '../errors.js';
import { isUpdateKind } from '../event/update.js';
import { readQueuedEvent } from '../event/wire.js';
import type { QueuedEvent } from '../queue/queue.js';
import type { DropReason } from '../reasons.js';
import { publish } from '../reporting/channels.js';
import type { Reporter } from '../reporting/reporter.js';
import { Alarm } from '../runtime/alarm.js';
import { attempt } from '../transport/attempt.js';
import type { RateLimit } from '../transport/rate-limit.js';
import type { BatchOptions, SendResult, Transport, Unavailable } from '../transport/transport.js';
import { backoffMs, type RetryOptions } from './backoff.js';
import { Batching } from './batching.js';
import { Clock } from './clock.js';
import { Gate } from './gate.js';
import { InFlight, overdue, type Request } from './in-flight.js';
import type { Ledger } from './ledger.js';
import type { OrderedQueue } from './ordered-queue.js';
import { SuspectEvents } from './suspects.js';

export interface SenderOptions {
  readonly queue: OrderedQueue;
  readonly transport: Transport;
  readonly ledger: Ledger;
  readonly reporter: Reporter;
  readonly retry: Required<RetryOptions>;
  readonly batch: Required<BatchOptions> | undefined;
  /** How long a request to the API may take. */
  readonly timeoutMs: number;
}

/** How often an event may fail by its own fault before it is dropped. */
const maxOwnFailures = 10;

/**
 * Takes events from the queue to the transport, as fast as the gate allows, and decides what becomes of each.
 *
 * An event is in one of five states. It waits in the queue, and is leased when the gate admits a request. From there:
 *
 * | state     | by                                                        | becomes                               |
 * | --------- | --------------------------------------------------------- | ------------------------------------- |
 * | in flight | `delivered`                                               | delivered                             |
 * |           | `rate_limited`                                            | waiting                               |
 * |           | `unavailable`, not suspect                                | held                                  |
 * |           | `unavailable`, suspect, in a batch                         | a part                                |
 * |           | `unavailable`, suspect, alone                             | set aside; the tenth time: dropped    |
 * |           | `misconfigured`                                           | held                                  |
 * |           | `misconfigured`, 404 for a batch                          | waiting; batches end                  |
 * |           | `misconfigured`, 404 for an update after any delivery     | dropped                               |
 * |           | `rejected`, in a batch                                    | a part; without batches: waiting      |
 * |           | `rejected`, alone, 400 before any delivery                | held, as with `misconfigured`         |
 * |           | `rejected`, alone                                         | dropped                               |
 * | held      | any delivery; nothing else left to probe with             | waiting                               |
 * | part      | the next request                                          | in flight, first of all               |
 * | set aside | the end of its delay                                      | in flight, alone; as a probe only last |
 * | any       | `stop`                                                    | waiting, as soon as it has ended      |
 * | waiting   | `close`                                                   | kept by the queue, else dropped       |
 *
 * Held events wait so that each probe of an API that is away is another event: one that is at fault may be the first.
 */
export class Sender {
  /** How often an event had to be sent again, or will be. */
  retries = 0;
  lastError: TrackingError | null = null;
  readonly #queue: OrderedQueue;
  readonly #transport: Transport;
  readonly #ledger: Ledger;
  readonly #reporter: Reporter;
  readonly #gate: Gate;
  readonly #clock = new Clock();
  readonly #retry: Required<RetryOptions>;
  readonly #batching: Batching;
  readonly #inFlight: InFlight;
  /** Parts of a batch that is being searched for its offender. */
  #parts: QueuedEvent[][] = [];
  #held: QueuedEvent[] = [];
  readonly #suspects = new SuspectEvents();
  readonly #alarm = new Alarm(() => this.#pump());
  #isDraining = false;
  #isStopped = false;
  #isClosed = false;

  constructor({ queue, transport, ledger, reporter, retry, batch, timeoutMs }: SenderOptions) {
    this.#queue = queue;
    this.#transport = transport;
    this.#ledger = ledger;
    this.#reporter = reporter;
    this.#gate = new Gate(retry);
    this.#retry = retry;
    this.#batching = new Batching(batch);
    this.#inFlight = new InFlight(timeoutMs);
  }

  /** Opens the queue, which may find what an earlier process left behind. */
  open(): void {
    this.#callQueue(() =>
      this.#queue.open({
        wake: () => this.#alarm.soon(),
        error: (error) => {
          this.lastError = error;
          this.#reporter.error(error);
        },
        adopt: () => this.#ledger.adopt(),
        disown: (events) => this.#ledger.disown(events),
      }),
    );
  }

  get eventsInFlight(): number {
    return this.#inFlight.events;
  }

  /** Events that are neither in flight nor done. */
  get queued(): number {
    const inParts = this.#parts.reduce((sum, part) => sum + part.length, 0);
    return this.#queue.length + this.#held.length + this.#suspects.setAside + inParts;
  }

  get rateLimit(): RateLimit | null {
    const { budget } = this.#gate;
    return budget ? { ...budget, resetsAt: this.#clock.toEpoch(budget.resetsAt) } : null;
  }

  get pausedUntil(): number | null {
    return this.#clock.toEpoch(this.#gate.pausedUntil(this.#clock.now())) ?? null;
  }

  /** Takes an accepted event. It is sent in a later turn of the event loop, never in the caller's. */
  push(event: QueuedEvent): void {
    const dropped = this.#callQueue(() => this.#queue.push(event)) ?? [event];
    if (dropped.length > 0) {
      this.#suspects.forget(dropped);
      for (const each of dropped) this.#drop(each, 'queue_full', queueFull);
    }
    // So far a single event failed, and it may be the one at fault: the first other one finds out at once.
    if (this.#held.length === 1 && this.#queue.available === 1) this.#gate.probeNow(this.#clock.now());
    if (!this.#isAlarmSoonEnough) this.#alarm.soon();
  }

  /** Looks for work without a timer in between, so that `flush` ends in a test that has faked them. */
  async pumpNow(): Promise<void> {
    // Still not in the caller's own turn: what it does next comes first.
    await undefined;
    this.#pump();
  }

  /** Replaces the timer and gives up overdue requests: a platform may have ended them with an earlier request. */
  revive(): void {
    this.#alarm.clear();
    for (const request of this.#inFlight.overdue(this.#clock.now())) this.#end(request, overdue);
    this.#pump();
  }

  /** Tries the API at once, even in the middle of a back-off. */
  probeNow(): void {
    this.#gate.probeNow(this.#clock.now());
    this.#alarm.soon();
  }

  /** Starts no more requests, and resolves when those under way have ended. */
  drain(): Promise<void> {
    this.#isDraining = true;
    return this.#inFlight.idle();
  }

  /** Sends nothing more, and cuts off the requests under way. The queue still takes events. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#alarm.clear();
    const waiting = [...this.#parts.flat(), ...this.#held, ...this.#suspects.takeAll()];
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
      for (const event of this.#queue.close()) this.#drop(event, 'closed', error);
    });
  }

  #callQueue<Result>(call: () => Result): Result | undefined {
    return this.#reporter.call('the queue', call);
  }

  #pump(): void {
    if (this.#isStopped || this.#isDraining) return;
    this.#callQueue(() => {
      const now = this.#clock.now();
      while (this.#gate.admits(this.#inFlight.requests, now)) {
        const events = this.#next(now);
        if (!events) break;
        this.#callQueue(() => this.#send(events));
      }
      // For the end of a pause, a suspect that is due, or a batch that has waited long enough. What is due already waits
      // for a request to end, not for time to pass.
      const next = Math.min(this.#suspects.nextDueAt, this.#batching.dueAt);
      this.#alarm.set(this.#gate.pausedUntil(now) ?? next, now);
    });
  }

  /** The events of the next request: one, or a batch. */
  #next(now: number): QueuedEvent[] | undefined {
    const part = this.#parts.shift();
    if (part) return part;
    // A probe is an event that is not suspect: one that is at fault says nothing about the API.
    const suspect = this.#gate.isPaused ? undefined : this.#suspects.takeDue(now);
    return suspect ? [suspect] : this.#lease(now);
  }

  /** None where the queue has to fetch them first; it wakes the sender then. */
  #lease(now: number): QueuedEvent[] | undefined {
    if (this.#isOnlyHeldLeft) this.#releaseHeld();
    if (this.#queue.available === 0) {
      const suspect = this.#suspects.takeDue(now);
      return suspect && [suspect];
    }
    // A probe is one event: the less goes out, the less a poison event can spoil.
    const limit = this.#gate.isPaused
      ? 1
      : this.#batching.next(this.#queue.available, now, this.#ledger.isAwaited);
    if (limit === 0) return undefined;
    const events = this.#queue.lease(limit);
    if (events.length > 0) return events;
    // All that could be leased is blocked, perhaps by an update that is held itself.
    return this.#isOnlyHeldLeft ? this.#lease(now) : undefined;
  }

  /** Whether no response will come to end the wait of what is held, and nothing else can be sent in its place. */
  get #isOnlyHeldLeft(): boolean {
    return this.#held.length > 0 && this.#queue.available === 0 && this.#inFlight.requests === 0;
  }

  async #send(events: QueuedEvent[]): Promise<void> {
    const request: Request = {
      events,
      isBatch: this.#batching.isOn,
      generation: this.#gate.generation,
      startedAt: this.#clock.now(),
    };
    this.#inFlight.begin(request);
    this.#end(request, await attempt(this.#transport, events, { isBatch: request.isBatch }));
  }

  #end(request: Request, result: SendResult): void {
    if (!this.#inFlight.end(request)) return;
    const now = this.#clock.now();
    this.#learn(result, now);
    this.#settle(request, result, now);
    this.#reporter.sent(request.events, result, now - request.startedAt);
    this.#inFlight.checkIdle();
    this.#pump();
  }

  #learn({ rateLimit }: SendResult, now: number): void {
    const reported = rateLimit && { ...rateLimit, resetsAt: this.#clock.fromEpoch(rateLimit.resetsAt) };
    this.#gate.learn(reported, now);
  }

  #settle(request: Request, result: SendResult, now: number): void {
    if ('error' in result) this.lastError = result.error;
    if (result.status === 'delivered') {
      this.#delivered(request.events);
      this.#gate.delivered(now);
    } else if (this.#isStopped) this.#abandon(request.events);
    else if (result.status === 'rate_limited') {
      this.#release(request.events);
      this.#gate.rateLimited(request.generation, now);
    } else if (result.status === 'unavailable') this.#unavailable(request, result, now);
    else if (result.status === 'misconfigured') this.#misconfigured(request, result.error, now);
    else this.#rejected(request, result.error, now);
  }

  #delivered(events: readonly QueuedEvent[]): void {
    this.#queue.settle(events);
    this.#suspects.forget(events);
    for (const { id } of events) this.#ledger.settleDelivered(id);
    publish('delivered', () => ({ events: events.map(readQueuedEvent) }));
    this.#releaseHeld();
  }

  #unavailable({ events, generation }: Request, { error, areInnocent }: Unavailable, now: number): void {
    const { delivered } = this.#ledger;
    if (areInnocent || !this.#suspects.areSuspect(events, delivered, error)) {
      this.#suspects.record(events, delivered);
      this.#hold(events);
      if (this.#gate.unavailable(generation, now)) this.#reporter.error(error);
    } else if (events.length > 1) this.#split(events);
    else for (const event of events) this.#blame(event, error, now);
  }

  /** One event keeps failing while others are accepted: it is tried again later, alone, and at last dropped. */
  #blame(event: QueuedEvent, error: TrackingError, now: number): void {
    const failures = this.#suspects.blame(event, this.#ledger.delivered);
    if (failures < maxOwnFailures) {
      this.retries++;
      this.#suspects.putAside(event, now + backoffMs(failures, this.#retry));
      return;
    }
    const message = `the API failed ${failures} times on this event while it accepted others: ${error.message}`;
    this.#reject(event, withCode('rejected', message, error));
  }

  #misconfigured({ events, isBatch, generation }: Request, error: TrackingError, now: number): void {
    const [event] = events;
    if (error.status === 404 && !isBatch && event && isUpdateKind(event.kind) && this.#ledger.delivered > 0) {
      // Neither contacts nor accounts are in the API contract: where they are missing, events still work.
      return this.#reject(event, withCode('rejected', error.message, error));
    }
    if (error.status === 404 && isBatch) {
      // `/v1/batch` is not in the API contract: where it is missing, one event a request still works.
      this.#batching.stop();
      this.#reporter.warnOnce(
        'batch',
        'the API has no batches (404): sending one event a request from now on',
      );
      this.#release([...events, ...this.#parts.flat()]);
      this.#parts = [];
      return;
    }
    this.lastError = error;
    if (error.status === 404) this.#batching.resume();
    this.#hold(events);
    if (this.#gate.misconfigured(generation, now)) this.#reporter.error(error);
  }

  #rejected(request: Request, error: TrackingError, now: number): void {
    const [event] = request.events;
    if (!event || request.events.length > 1) this.#split(request.events);
    else if (error.status === 400 && this.#ledger.delivered === 0) {
      // The API responds with 400 to a wrong key too: until it has accepted an event, this one may be innocent.
      const message =
        'the API responded with 400 and has accepted nothing yet: check apiToken, then the event';
      this.#misconfigured(request, withCode('misconfigured', message, error), now);
    } else this.#reject(event, error);
  }

  /** Halves a rejected batch, until the event at fault is alone. */
  #split(events: readonly QueuedEvent[]): void {
    // Another request has found out that there are no batches: each goes alone.
    if (!this.#batching.isOn) return this.#release(events);
    const middle = Math.ceil(events.length / 2);
    this.retries += events.length;
    this.#parts.push(events.slice(0, middle), events.slice(middle));
  }

  #hold(events: readonly QueuedEvent[]): void {
    this.retries += events.length;
    this.#held.push(...events);
  }

  #release(events: readonly QueuedEvent[]): void {
    this.retries += events.length;
    this.#queue.release(events);
  }

  #releaseHeld(): void {
    if (this.#held.length === 0) return;
    this.#queue.release(this.#held);
    this.#held = [];
  }

  /** Drops an event that is in flight. */
  #reject(event: QueuedEvent, error: TrackingError): void {
    this.#queue.settle([event], error);
    this.#suspects.forget([event]);
    this.#drop(event, 'rejected', error);
  }

  #drop(event: QueuedEvent, reason: DropReason, error: TrackingError): void {
    this.#ledger.settleDropped(event.id, reason);
    this.#reporter.drop(event.kind, () => readQueuedEvent(event), reason, error);
  }

  /** Whether one more event need not wake the sender: it could not be sent before the alarm rings. */
  get #isAlarmSoonEnough(): boolean {
    if (this.#alarm.setFor === Number.POSITIVE_INFINITY) return false;
    if (this.#gate.isPaused) return this.#gate.resumesAt === this.#alarm.setFor;
    return this.#batching.isFillingUp(this.#queue.available) && !this.#ledger.isAwaited;
  }
}

/** One error for all events: a stack trace for each would cost more than the event. */
const queueFull = new TrackingError('queue_full', 'the queue is full');
