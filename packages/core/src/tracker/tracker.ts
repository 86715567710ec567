import { createHttpClient } from '#http';
import { Catalogue } from '../catalogue/catalogue.js';
import type { DetailsOf, EventUid } from '../catalogue/registered.js';
import { KnownUpdates } from '../delivery/known-updates.js';
import { type FlushResult, Ledger } from '../delivery/ledger.js';
import { type OrderedQueue, ordered } from '../delivery/ordered-queue.js';
import { Sender } from '../delivery/sender.js';
import { describe, invalidOption, TrackingError } from '../errors.js';
import {
  type ActionKind,
  assignContact,
  type DroppedEvent,
  type EventInput,
  findProblem,
  type PageviewInput,
  pageviewUid,
  readEvent,
  type TrackedEvent,
} from '../event/event.js';
import { isObject } from '../event/json.js';
import type { Uid } from '../event/uid.js';
import {
  type AccountParams,
  type ContactParams,
  isUpdate,
  readUpdate,
  type UpdateKind,
} from '../event/update.js';
import { toWire } from '../event/wire.js';
import { RecentDigests } from '../queue/digests.js';
import { memoryQueue } from '../queue/memory-queue.js';
import type { Queue, QueuedEvent } from '../queue/queue.js';
import { type DropReason, type SkipReason, skipReasons } from '../reasons.js';
import { DevReports, devReportsPath } from '../reporting/dev-reports.js';
import { callbackFailed, Reporter } from '../reporting/reporter.js';
import { isPromiseLike } from '../runtime/promise-like.js';
import { isDate } from '../runtime/realms.js';
import { longestTimerMs } from '../runtime/timers.js';
import { isLoopback } from '../transport/api-options.js';
import { connect, createHttpTransport } from '../transport/http.js';

import { type AdapterPort, adapterPort, type WaitingForContact } from './adapter-port.js';
import { flushOnExit } from './flush-on-exit.js';
import { findUnknownOption, type ResolvedOptions, resolveOptions, type TrackerOptions } from './options.js';
import type { TrackerStats } from './stats.js';

export interface FlushOptions {
  /**
   * The longest wait, in milliseconds.
   * @defaultValue 10 000
   */
  timeoutMs?: number;
}

/**
 * Tells SuccessEve what your contacts do. Tracking never throws into your code and never rejects, and never waits for
 * the network: an event is validated, stamped with the time and serialised at the call, and sent later.
 */
export interface Tracker {
  /**
   * Records an action of a contact.
   *
   * @param eventUid - the event's name in snake_case, one of the catalogue's where one is registered
   * @throws TrackingError with the code `invalid`, with `strict: true` only; else it goes to `onDrop`.
   */
  event<Name extends EventUid>(eventUid: Name, event: DetailsOf<EventInput, Name>): void;
  /**
   * Records that a contact visited a page. In a web application an adapter does this for you.
   *
   * @throws TrackingError with the code `invalid`, with `strict: true` only; else it goes to `onDrop`.
   */
  pageview(pageview: PageviewInput): void;
  /**
   * Tells what you know of a contact, such as the e-mail address, the plan, the account it belongs to. Call it as often
   * as you like, at each sign-in or with every request: it is sent when something in it has changed.
   *
   * @throws TrackingError with the code `invalid`, with `strict: true` only; else it goes to `onDrop`.
   */
  contact(contactUid: Uid, params: ContactParams): void;
  /** Tells what you know of an account, in the same way. */
  account(accountUid: Uid, params: AccountParams): void;
  /**
   * Waits until everything tracked here and accepted before the call is delivered or dropped. Not for what a durable
   * queue took over from another process. Never rejects.
   */
  flush(options?: FlushOptions): Promise<FlushResult>;
  /**
   * Flushes, then stops for good; twice is once. What could not be delivered is dropped with the reason `closed`;
   * a durable queue keeps it for the next process instead. Either way `pending` says how many there are. Never
   * rejects.
   */
  close(options?: FlushOptions): Promise<FlushResult>;
  /**
   * Resolves when everything accepted before the call survives the end of this process, however it ends: with a
   * durable queue, when it is on disk, or delivered, or dropped. Never rejects; while the disk fails it waits until
   * the disk works again or the events are delivered, so do not hold up a request for it. With the memory queue,
   * which nothing survives, it resolves at once.
   */
  persisted(): Promise<void>;
  /** What became of everything so far. */
  stats(): TrackerStats;
}

/**
 * Creates a tracker: one for an application, for as long as it runs.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function createTracker(options: TrackerOptions = {}): Tracker {
  return new QueueingTracker(options);
}

/** The largest body of a single event, in bytes. Our choice: far above what an event needs, far below what APIs take. */
const maxBodyBytes = 32 * 1024;

const defaultFlushMs = 10_000;

/**
 * Of how many contacts and accounts a tracker remembers at least what it told last, and at most twice as many, which
 * takes some megabytes. Our choice: more than are about at a time; who is forgotten is told of once more.
 */
const rememberedUpdates = 50_000;

/** In place of an id that is not known yet. */
const unknownUid = 'not known yet';

/** How long requests that were cut off may take to say so, and the last reports to a local API. */
const cutOffMs = 250;

/**
 * The queues that have or had a tracker. A queue knows events by their numbers, which begin anew with each tracker, and
 * has ended with its own.
 */
const usedQueues = new WeakSet<Queue>();

class QueueingTracker implements Tracker {
  readonly #catalogue: Catalogue | undefined;
  readonly #beforeSend: TrackerOptions['beforeSend'];
  readonly #isStrict: boolean;
  readonly #isEnabled: boolean;
  readonly #devReports: DevReports | undefined;
  readonly #reporter: Reporter;
  readonly #ledger = new Ledger();
  readonly #knownUpdates: KnownUpdates;
  readonly #queue: OrderedQueue;
  readonly #sender: Sender;
  /** Events that adapters will hand over once their contact is known. */
  readonly #expected = new Set<Promise<unknown>>();
  /** Events that no contact is known for yet, request by request. */
  readonly #waiting = new Set<WaitingForContact>();
  readonly #skipped = Object.fromEntries(skipReasons.map((reason) => [reason, 0])) as Record<
    SkipReason,
    number
  >;
  #recorded = 0;
  #isClosed = false;
  #closing: Promise<FlushResult> | undefined;
  readonly #forgetExit: () => void;
  readonly [adapterPort]: AdapterPort;

  constructor(options: TrackerOptions) {
    if (!isObject(options as unknown))
      throw invalidOption('options', 'an object such as { apiToken }', options);
    const resolved = resolveOptions(options);
    const { api, logger, retry, batch, isEnabled, isDebugging: debug } = resolved;
    const { onError, onDrop, events, queue = memoryQueue() } = options;
    this.#catalogue = events === undefined ? undefined : new Catalogue(events);
    this.#beforeSend = options.beforeSend;
    this.#isStrict = resolved.isStrict;
    this.#isEnabled = isEnabled;
    this.#devReports = openDevReports(resolved);
    this.#reporter = new Reporter({ logger, debug, onError, onDrop, devReports: this.#devReports });
    const unknown = findUnknownOption(options);
    if (unknown) this.#reporter.warnOnce('option', unknown);
    if (isEnabled && usedQueues.has(queue)) {
      throw new TrackingError(
        'invalid_options',
        'queue: expected one that no tracker has used yet, got one that belongs to another',
      );
    }
    this.#knownUpdates = new KnownUpdates(queue.digests ?? new RecentDigests(rememberedUpdates));
    this.#queue = ordered(queue, this.#knownUpdates, ({ id }) => this.#ledger.retract(id));
    this.#sender = new Sender({
      queue: this.#queue,
      transport: options.transport ?? createHttpTransport(createHttpClient, api),
      ledger: this.#ledger,
      reporter: this.#reporter,
      retry,
      batch,
    });
    if (isEnabled) {
      usedQueues.add(queue);
      this.#sender.open();
    }
    this.#forgetExit = isEnabled && resolved.flushesOnExit ? flushOnExit(this.#exiting()) : () => {};
    this[adapterPort] = this.#openPort();
  }

  // These are functions of their own, so that they work as `const { event } = tracker`, too.

  readonly event = (eventUid: string, event: EventInput): void => {
    this.#track('event', eventUid, event);
  };

  readonly pageview = (pageview: PageviewInput): void => {
    this.#track('pageview', pageviewUid, pageview);
  };

  readonly contact = (contactUid: Uid, params: ContactParams): void => {
    this.#tell('contact', contactUid, params);
  };

  readonly account = (accountUid: Uid, params: AccountParams): void => {
    this.#tell('account', accountUid, params);
  };

  readonly flush = (options?: FlushOptions): Promise<FlushResult> => this.#flush(deadlineOf(options));

  readonly close = (options?: FlushOptions): Promise<FlushResult> => {
    this.#closing ??= this.#close(deadlineOf(options));
    return this.#closing;
  };

  readonly persisted = async (): Promise<void> => {
    await this.#reporter.call('the queue', () => this.#queue.persisted());
  };

  readonly stats = (): TrackerStats => {
    return {
      accepted: this.#ledger.accepted,
      delivered: this.#ledger.delivered,
      queued: this.#sender.queued,
      inFlight: this.#sender.eventsInFlight,
      retries: this.#sender.retries,
      dropped: { ...this.#ledger.dropped },
      updates: { unchanged: this.#knownUpdates.unchanged, superseded: this.#queue.superseded },
      pageviews: { recorded: this.#recorded, skipped: { ...this.#skipped } },
      pausedUntil: this.#sender.pausedUntil,
      rateLimit: this.#sender.rateLimit,
      lastError: this.#sender.lastError,
    };
  };

  async #flush(deadline: number): Promise<FlushResult> {
    const expected = [...this.#expected];
    const accepted = await this.#delivery(deadline);
    if (expected.length === 0) return accepted;
    await settledBy(deadline, Promise.allSettled(expected));
    const handedOver = await this.#delivery(deadline);
    return {
      delivered: accepted.delivered + handedOver.delivered,
      pending: handedOver.pending + this.#expected.size,
    };
  }

  /** Waits for the delivery of everything accepted so far. */
  async #delivery(deadline: number): Promise<FlushResult> {
    const waiter = this.#ledger.wait();
    void this.#sender.pumpNow();
    await settledBy(deadline, waiter.done);
    waiter.stop();
    return waiter.progress;
  }

  async #close(deadline: number): Promise<FlushResult> {
    const deliveredBefore = this.#ledger.delivered;
    this.#sender.probeNow();
    for (const request of this.#waiting) request.askAgain();
    // What is accepted while we close is delivered too, for as long as there is time.
    do await this.#flush(deadline);
    while (this.#pending > 0 && performance.now() < deadline);
    this.#isClosed = true;
    // Of what was taken over from another process only the requests under way are waited for; the rest stays there.
    if (performance.now() < deadline) await settledBy(deadline, this.#sender.drain());
    const waiting = this.#giveUpWaiting();
    await this.#tellLast();
    this.#forgetExit();
    const pending = this.#ledger.pending + waiting;
    this.#stop();
    return { delivered: this.#ledger.delivered - deliveredBefore, pending };
  }

  /** Drops what waits for a contact, and answers how much that was. */
  #giveUpWaiting(): number {
    let count = 0;
    for (const request of this.#waiting) {
      count += request.waiting;
      request.giveUp();
    }
    return count;
  }

  /** What a local API has not been told yet, it is told now. */
  async #tellLast(): Promise<void> {
    if (this.#devReports) await settledBy(performance.now() + cutOffMs, this.#devReports.flush());
  }

  #stop(): void {
    this.#isClosed = true;
    this.#sender.close();
  }

  get #pending(): number {
    return this.#ledger.pending + this.#expected.size;
  }

  #track(kind: ActionKind, eventUid: string, input: EventInput | PageviewInput): void {
    if (!this.#isEnabled) return;
    if (!isObject(input)) {
      const expected = kind === 'event' ? '{ contactUid }' : '{ contactUid, visitUrl }';
      return this.#refuse(
        { kind, eventUid },
        `expected an object such as ${expected}, got ${describe(input)}`,
      );
    }
    this.#readSafely({ kind, eventUid }, () => {
      const event = this.#complete(readEvent(kind, eventUid, input));
      if (event) this.#accept(event);
    });
  }

  #tell(kind: UpdateKind, uid: Uid, params: ContactParams | AccountParams): void {
    if (!this.#isEnabled) return;
    this.#readSafely({ kind }, () => this.#accept(readUpdate(kind, uid, params)));
  }

  /** What the catalogue makes of an event; nothing where it was refused. */
  #complete<Event extends TrackedEvent>(event: Event): Event | undefined {
    if (!this.#catalogue || event.kind !== 'event') return event;
    const completed = this.#catalogue.complete(event);
    if (!('problem' in completed)) return completed as Event;
    this.#refuse(event, completed.problem, completed.cause);
    return undefined;
  }

  /** Runs what reads a customer's object, which may be none at all, or have a getter that throws. */
  #readSafely<Result>(event: DroppedEvent, read: () => Result): Result | undefined {
    try {
      return read();
    } catch (cause) {
      if (this.#isStrict && isInvalid(cause)) throw cause;
      this.#refuse(event, 'expected an object that can be read and is JSON throughout', cause);
      return undefined;
    }
  }

  #freeze<Event extends TrackedEvent>(read: Event): Event | undefined {
    const event = this.#complete(read);
    if (!event) return undefined;
    const problem = findProblem(event);
    if (problem) {
      this.#refuse(event, problem);
      return undefined;
    }
    const { params } = event;
    return { ...event, params: params && JSON.parse(JSON.stringify(params)) };
  }

  #accept(original: TrackedEvent): void {
    const event = this.#beforeSend ? this.#scrub(original, this.#beforeSend) : original;
    if (!event) return;
    const problem = findProblem(event);
    if (problem) return this.#refuse(event, problem);
    const body = toWire(event);
    const bytes = byteLength(body);
    if (bytes > maxBodyBytes) {
      return this.#refuse(event, `expected a body of at most ${maxBodyBytes} bytes, got ${bytes}`);
    }
    if (isUpdate(event) && !this.#isClosed && !this.#isNews(event, body)) return;
    const id = this.#ledger.accept();
    const queued: QueuedEvent = { id, kind: event.kind, body, bytes, occurredAt: event.occurredAt.getTime() };
    if (this.#isClosed)
      this.#dropAccepted(id, event, 'closed', new TrackingError('closed', 'the tracker is closed'));
    else this.#sender.push(queued);
  }

  /** A queue that cannot tell what it remembers does not keep anything from being sent. */
  #isNews(update: TrackedEvent<UpdateKind>, body: string): boolean {
    return this.#reporter.call('the queue', () => this.#knownUpdates.isNews(update, body)) ?? true;
  }

  #scrub(event: TrackedEvent, beforeSend: NonNullable<TrackerOptions['beforeSend']>): TrackedEvent | null {
    let error: TrackingError;
    try {
      const scrubbed: unknown = beforeSend(event);
      if (isTracked(scrubbed)) return scrubbed;
      error = notScrubbed(scrubbed);
    } catch (cause) {
      error = callbackFailed('beforeSend', cause);
    }
    if (error.code === 'callback_failed') this.#reporter.error(error);
    this.#dropAccepted(this.#ledger.accept(), event, 'before_send', error);
    return null;
  }

  #dropAccepted(id: number, event: DroppedEvent, reason: DropReason, error: TrackingError): void {
    this.#ledger.settleDropped(id, reason);
    this.#reporter.drop(event.kind, () => event, reason, error);
  }

  #refuse(event: DroppedEvent, problem: string, cause?: unknown): void {
    const error = new TrackingError('invalid', problem, { cause });
    if (this.#isStrict) throw error;
    this.#ledger.refuse();
    this.#reporter.drop(event.kind, () => event, 'invalid', error);
  }

  #exiting(): Parameters<typeof flushOnExit>[0] {
    const pending = (): number => this.#pending;
    return {
      get pending() {
        return pending();
      },
      flush: (options) => {
        this.#sender.probeNow();
        return this.flush(options);
      },
      warn: (message) => this.#reporter.warn(message),
      stopDelivery: () => {
        this.#sender.stop();
        return Promise.all([settledBy(performance.now() + cutOffMs, this.#sender.drain()), this.#tellLast()]);
      },
      stop: () => {
        this.#giveUpWaiting();
        this.#stop();
      },
    };
  }

  #openPort(): AdapterPort {
    return {
      isEnabled: this.#isEnabled,
      drop: (event, reason, error) => this.#dropAccepted(this.#ledger.accept(), event, reason, error),
      freeze: (kind, eventUid, details) =>
        this.#readSafely({ kind, eventUid }, () =>
          this.#freeze(readEvent(kind, eventUid, { ...details, contactUid: unknownUid } as EventInput)),
        ),
      freezeUpdate: (kind, params) =>
        this.#readSafely({ kind }, () => this.#freeze(readUpdate(kind, unknownUid, params))),
      tell: (kind, params, contact) =>
        this.#readSafely({ kind }, () =>
          this.#accept(assignContact(readUpdate(kind, unknownUid, params), contact)),
        ),
      assign: (event, contact) =>
        this.#readSafely({ kind: event.kind }, () => this.#accept(assignContact(event, contact))),
      pageview: (pageview) => {
        const refused = this.#ledger.dropped.invalid;
        this.pageview(pageview);
        if (this.#ledger.dropped.invalid !== refused) return false;
        this.#recorded++;
        return true;
      },
      countSkip: (reason) => {
        this.#skipped[reason]++;
      },
      waiting: this.#waiting,
      holdFlush: (settled) => {
        this.#expected.add(settled);
        const forget = (): boolean => this.#expected.delete(settled);
        settled.then(forget, forget);
      },
      error: (error) => this.#reporter.error(error),
      call: (name, callback) => this.#reporter.call(name, callback),
      warnOnce: (code, message) => this.#reporter.warnOnce(code, message),
      isReporting: this.#devReports !== undefined,
      request: (read) => this.#reporter.request(read),
    };
  }
}

/** Reports go to a local API only, and only to one that the events go to. */
function openDevReports({ api, isDebugging }: ResolvedOptions): DevReports | undefined {
  if (!isDebugging || !api.apiToken || !isLoopback(api.apiUrl.hostname)) return undefined;
  const { client, pathTo } = connect(createHttpClient, api);
  return new DevReports(client, pathTo(devReportsPath));
}

function isInvalid(error: unknown): boolean {
  return error instanceof TrackingError && error.code === 'invalid';
}

/** Whether `beforeSend` answered an event. What is in it is for {@link findProblem} to judge. */
function isTracked(scrubbed: unknown): scrubbed is TrackedEvent {
  return isObject(scrubbed) && isDate(scrubbed.occurredAt);
}

function notScrubbed(answer: unknown): TrackingError {
  if (answer === null) return new TrackingError('before_send', 'beforeSend returned null');
  // It is nobody's any more, and one that is rejected would end the process.
  if (isPromiseLike(answer)) answer.then(undefined, () => {});
  const got = isPromiseLike(answer) ? 'a promise' : describe(answer);
  return new TrackingError(
    'callback_failed',
    `beforeSend: expected the event, or null to drop it, got ${got}`,
  );
}

/** Until when to wait, by a clock that nobody sets. */
function deadlineOf(options: FlushOptions | undefined): number {
  const { timeoutMs = defaultFlushMs } = options ?? {};
  const wait = Number.isNaN(Number(timeoutMs)) ? defaultFlushMs : timeoutMs;
  return performance.now() + Math.min(Math.max(0, wait), longestTimerMs);
}

/** Waits for a promise, but not beyond the deadline. Unlike our other timers this one holds the process open: somebody waits. */
async function settledBy(deadline: number, promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadline - performance.now()));
  });
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}

const encoder = new TextEncoder();

function byteLength(text: string): number {
  return globalThis.Buffer ? globalThis.Buffer.byteLength(text) : encoder.encode(text).length;
}
