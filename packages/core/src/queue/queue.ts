import type { TrackingError } from '../errors.js';
import type { Digests } from './digests.js';

/**
 * The kinds of events, in the order in which they are sent: accounts, the contacts that belong to them, what those
 * contacts did, and the pages they saw.
 */
export const eventKinds = ['account', 'contact', 'event', 'pageview'] as const;

export type EventKind = (typeof eventKinds)[number];

/** An event or a contact/account update as the queue holds it: frozen and serialised at the call. */
export interface QueuedEvent {
  /**
   * One number for each event of a tracker, in the order in which they were accepted. Those tracked here count up
   * from 1; those taken over from another process are below 0, since they are older.
   */
  readonly id: number;
  /** Each goes before those that come after it in {@link eventKinds}; pageviews make room first. */
  readonly kind: EventKind;
  /** The contract's JSON body, as it will be sent. */
  readonly body: string;
  /** The size of `body` in UTF-8 bytes. */
  readonly bytes: number;
  /** When it happened, in epoch milliseconds. */
  readonly occurredAt: number;
  /** Whether a browser reported it, which only `successeve dev` shows: a queue need not keep it. */
  readonly isReported?: boolean | undefined;
}

/** How a queue calls the tracker that owns it. None of these throws. */
export interface QueueHost {
  /** Events wait that were not there at the last `lease`. The tracker leases again in a later turn of the event loop. */
  wake(): void;
  /** The queue itself has failed; `code` is `queue_failed`. Called once, when a fault begins. */
  error(error: TrackingError): void;
  /**
   * Counts an event that another process left behind, and that this tracker is responsible for from now on.
   *
   * @returns its `id`. The ids rise, so ask in the order in which the events are to go.
   */
  adopt(): number;
  /**
   * Stops counting events that another process has taken over, because this one seemed dead: how many were
   * `tracked` here, and how many `adopted`.
   */
  disown(events: { readonly tracked: number; readonly adopted: number }): void;
}

/**
 * Where accepted events wait. A tracker owns its queue: all calls come from it, `open` first and `close` last, from
 * one thread. `describeQueue` from `@successeve/testing/queue-contract` tests any queue for what
 * is written here.
 *
 * An event is in one of two states: waiting, or leased to the sender. `lease` moves it to the second, and from
 * there `settle` ends its life and `release` makes it wait again. A lease has no end while the process lives: an
 * outage may hold an event for hours. A queue that several processes share must renew it.
 *
 * Nothing here may block the caller's turn for a disk or a network, and nothing may throw; an exception is reported as
 * `callback_failed`.
 */
export interface Queue {
  /**
   * How many events of this tracker wait; leased ones are not counted. It is what makes
   * `accepted = delivered + queued + inFlight + dropped` true, so events of other processes, and those that no process
   * has taken over yet, are not in it.
   */
  readonly length: number;

  /**
   * Where a queue that outlives the process remembers the last update of each contact and account, so that the next
   * process does not send it again. Without it, the tracker remembers for as long as it runs.
   *
   * What is set reaches the disk together with the event that is pushed right after, and never before it; what is
   * deleted, before the event that is settled right after, or with it. So after a crash an update may be
   * sent twice, but none is missed. The queue decides how many are kept; those that were neither read nor set for the
   * longest go first. `get` is called at each `contact()` and `account()`, in a request of the application: recent
   * entries have to be in memory.
   */
  readonly digests?: Digests | undefined;

  /** Called once, before anything else, by the tracker that owns the queue. */
  open?(host: QueueHost): void;

  /**
   * Takes one event.
   *
   * @returns the events without room, for the tracker to report: the oldest pageviews, or, when
   * no pageview can make room, the new event itself. Empty when there was room.
   */
  push(event: QueuedEvent): readonly QueuedEvent[];

  /**
   * Leases up to `limit` events to the sender: in the order of {@link eventKinds}, and each kind in order. May
   * return fewer than wait, or none, if they have to be fetched first: then `wake` is called when they are there.
   */
  lease(limit: number): QueuedEvent[];

  /**
   * Ends leased events: the API accepted them, or, with a `rejection`, rejected them for good.
   * The objects are those that `lease` returned.
   *
   * A kill right after this must not have them sent again, so a queue on disk may write in the caller's turn.
   */
  settle(events: readonly QueuedEvent[], rejection?: TrackingError): void;

  /** Leased events that must wait again, each before everything of its kind that is younger. */
  release(events: readonly QueuedEvent[]): void;

  /**
   * Resolves when everything pushed so far will outlive the process, or no longer needs to: it was settled, or did
   * not fit. Where there is none, nothing outlives the process.
   */
  persisted?(): Promise<void>;

  /**
   * The tracker stops. What waits is kept for the next process, where that is possible.
   *
   * Requests that are under way end later: their events are settled or released after this, and after a release
   * it is called once more.
   *
   * @returns the waiting events that will not outlive the process, for the tracker to report; they are forgotten.
   */
  close(): readonly QueuedEvent[];
}
