import { createHttpClient } from '#platform';
import { Catalogue } from '../catalogue/catalogue.js';
import type { DetailsOf, EventUid } from '../catalogue/registered.js';
import { KnownUpdates } from '../delivery/known-updates.js';
import { type FlushResult, Ledger } from '../delivery/ledger.js';
import { OrderedQueue } from '../delivery/ordered-queue.js';
import { Sender } from '../delivery/sender.js';
import { invalidOption, wrongOption } from '../errors.js';
import { type EventInput, type PageviewInput, pageviewUid } from '../event/event.js';
import { isObject } from '../event/json.js';
import type { Uid } from '../event/uid.js';
import type { AccountParams, ContactParams } from '../event/update.js';
import { findUnknownOption } from '../option-checks.js';
import { memoryQueue } from '../queue/memory-queue.js';
import type { Queue } from '../queue/queue.js';
import { DevReports } from '../reporting/dev-reports.js';
import { Reporter } from '../reporting/reporter.js';
import { Recent } from '../runtime/recent.js';
import { isLoopback } from '../transport/api-options.js';
import { connect } from '../transport/http.js';
import { createHttpTransport } from '../transport/http-transport.js';
import { type AdapterPort, adapterPort } from './adapter-port.js';
import { Closing, type FlushOptions } from './closing.js';
import { Intake } from './intake.js';
import { type ResolvedOptions, resolveOptions, type TrackerOptions, trackerOptionNames } from './options.js';
import type { TrackerStats } from './stats.js';

/**
 * Records what your contacts do. Tracking never throws into your code and never rejects, and never waits for
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
   * Sends what you know about a contact, such as the e-mail address, the plan, the account it belongs to. Call it as often
   * as you like, at each sign-in or with every request: it is sent when something in it has changed.
   *
   * @throws TrackingError with the code `invalid`, with `strict: true` only; else it goes to `onDrop`.
   */
  contact(contactUid: Uid, params: ContactParams): void;
  /** Sends what you know about an account, in the same way. */
  account(accountUid: Uid, params: AccountParams): void;
  /**
   * Waits until everything tracked here and accepted before the call is delivered or dropped. Not for what a durable
   * queue took over from another process. Never rejects.
   */
  flush(options?: FlushOptions): Promise<FlushResult>;
  /**
   * Flushes, then stops for good; a second call returns the same promise. What could not be delivered is dropped with
   * the reason `closed`; a durable queue keeps it for the next process instead. `pending` counts it either way. Never
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
  /** The state of all events and requests so far. */
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

/**
 * The least number of contacts and accounts whose last update a tracker remembers; the most is twice as many, which
 * takes some megabytes. Our choice: more than are active at a time. The update of a forgotten one is sent once more.
 */
const rememberedUpdates = 50_000;

/**
 * The queues that have or had a tracker. A queue knows events by their numbers, which start again with each tracker,
 * and is closed with its own.
 */
const usedQueues = new WeakSet<Queue>();

class QueueingTracker implements Tracker {
  readonly #isEnabled: boolean;
  readonly #reporter: Reporter;
  readonly #ledger = new Ledger();
  readonly #knownUpdates: KnownUpdates;
  readonly #queue: OrderedQueue;
  readonly #sender: Sender;
  readonly #intake: Intake;
  readonly #closing: Closing;
  readonly [adapterPort]: AdapterPort;

  constructor(options: TrackerOptions) {
    if (!isObject(options as unknown))
      throw invalidOption('options', 'an object such as { apiToken }', options);
    const resolved = resolveOptions(options);
    const { api, logger, retry, batch, isEnabled, isStrict, isDebugging: debug } = resolved;
    const { onError, onDrop, events, beforeSend, queue = memoryQueue() } = options;
    const catalogue = events === undefined ? undefined : new Catalogue(events);
    this.#isEnabled = isEnabled;
    this.#reporter = new Reporter({ logger, debug, onError, onDrop, devReports: openDevReports(resolved) });
    const unknown = findUnknownOption(options, trackerOptionNames);
    if (unknown) this.#reporter.warnOnce('option', unknown);
    if (isEnabled) claim(queue);
    this.#knownUpdates = new KnownUpdates(queue.digests ?? new Recent<number, number>(rememberedUpdates));
    this.#queue = new OrderedQueue(queue, this.#knownUpdates, ({ id }) => this.#ledger.retract(id));
    this.#sender = new Sender({
      queue: this.#queue,
      transport: options.transport ?? createHttpTransport(createHttpClient, api),
      ledger: this.#ledger,
      reporter: this.#reporter,
      retry,
      batch,
      timeoutMs: api.timeoutMs,
    });
    this.#intake = new Intake({
      catalogue,
      beforeSend,
      isStrict,
      knownUpdates: this.#knownUpdates,
      ledger: this.#ledger,
      reporter: this.#reporter,
      push: (event) => this.#sender.push(event),
    });
    this.#closing = new Closing({
      intake: this.#intake,
      ledger: this.#ledger,
      sender: this.#sender,
      reporter: this.#reporter,
      flushesOnExit: isEnabled && resolved.flushesOnExit,
    });
    this[adapterPort] = { isEnabled, intake: this.#intake, closing: this.#closing, reporter: this.#reporter };
    if (isEnabled) this.#sender.open();
  }

  // These are functions of their own, so that they work as `const { event } = tracker`, too.

  readonly event = (eventUid: string, event: EventInput): void => {
    if (this.#isEnabled) this.#intake.event('event', eventUid, event);
  };

  readonly pageview = (pageview: PageviewInput): void => {
    if (this.#isEnabled) this.#intake.event('pageview', pageviewUid, pageview);
  };

  readonly contact = (contactUid: Uid, params: ContactParams): void => {
    if (this.#isEnabled) this.#intake.update('contact', contactUid, params);
  };

  readonly account = (accountUid: Uid, params: AccountParams): void => {
    if (this.#isEnabled) this.#intake.update('account', accountUid, params);
  };

  readonly flush = (options?: FlushOptions): Promise<FlushResult> => this.#closing.flush(options);

  readonly close = (options?: FlushOptions): Promise<FlushResult> => this.#closing.close(options);

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
      pageviews: { recorded: this.#ledger.recorded, skipped: { ...this.#ledger.skipped } },
      pausedUntil: this.#sender.pausedUntil,
      rateLimit: this.#sender.rateLimit,
      lastError: this.#sender.lastError,
    };
  };
}

function claim(queue: Queue): void {
  if (usedQueues.has(queue)) {
    throw wrongOption('queue', 'one that no tracker has used yet', 'one that belongs to another');
  }
  usedQueues.add(queue);
}

/** Reports go to a local API only, and only to one that the events go to. */
function openDevReports({ api, isDebugging }: ResolvedOptions): DevReports | undefined {
  if (!isDebugging || !api.apiToken || !isLoopback(api.apiUrl.hostname)) return undefined;
  return new DevReports(connect(createHttpClient, api));
}
