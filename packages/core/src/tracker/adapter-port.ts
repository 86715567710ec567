import type { TrackingError } from '../errors.js';
import type { Contact } from '../event/contact.js';
import type { DroppedEvent, TrackedEvent } from '../event/event.js';
import type { EventKind } from '../queue/queue.js';
import type { DropReason, SkipReason } from '../reasons.js';
import type { WarningCode } from '../reporting/dev-reports.js';
import type { RequestOutcome } from '../reporting/reporter.js';

/**
 * What the adapter kit uses of a tracker, apart from its public methods. Under a registered symbol, so that a kit of
 * one copy of this package (ESM, CommonJS) works with a tracker of another.
 */
export const adapterPort: unique symbol = Symbol.for('@successeve/core/adapter-port');

/** An event without its contact. */
export interface Draft {
  event: TrackedEvent;
  /** Whether everything but the contact was validated. */
  isValid: boolean;
  /** Whether `successeve dev` is to show it as reported by a browser. */
  isReported?: boolean;
}

/** The events of one request that wait for its contact. */
export interface WaitingForContact {
  /** How many there are. */
  readonly waiting: number;
  /** The tracker is about to close: events whose contact is known by now are submitted. */
  askAgain(): void;
  /** The tracker is closed: the events that still wait are dropped. */
  giveUp(): void;
}

export interface AdapterPort {
  readonly isEnabled: boolean;
  /**
   * Reads an event, and stamps it with its time.
   *
   * @returns false where it is rejected.
   */
  draft(kind: EventKind, eventUid: string | undefined, details: unknown): Draft | false;
  /**
   * Validates a draft that has to wait for its contact, and copies it, so that later changes have no effect.
   *
   * @returns false where it is rejected.
   */
  hold(draft: Draft): boolean;
  /**
   * Accepts a draft for its contact, and counts a pageview as recorded. An account named with the event wins over the
   * contact's.
   *
   * @returns false where it is rejected.
   */
  submit(draft: Draft, contact: Contact): boolean;
  /**
   * Accepts the automatic pageview of a request, at its time in epoch milliseconds, and counts it as recorded.
   *
   * @returns false where it is rejected.
   */
  pageview(contact: Contact, visitUrl: string, occurredAt: number): boolean;
  /** Accounts for an event that is accepted, but has no contact or no consent. */
  drop(event: DroppedEvent, reason: DropReason, error: TrackingError): void;
  countSkip(reason: SkipReason): void;
  /** Requests with events that wait for their contact. */
  readonly waiting: Set<WaitingForContact>;
  /** Lets `flush` and `close` wait for a call of `identify`. */
  holdFlush(call: Promise<unknown>): void;
  /**
   * Delivers what waits, for a platform where nothing goes on between requests: resolves when nothing is left to do, or
   * when such platforms end.
   *
   * @returns `undefined` where there is nothing to do.
   */
  deliver(): Promise<void> | undefined;
  /** Starts what ends with the tracker, such as a subscription: once for each name. */
  watch(name: string, start: () => () => void): void;
  error(error: TrackingError): void;
  /** Calls a function of the application's; `undefined` when it threw, which is reported. */
  call<Result>(name: string, callback: () => Result): Result | undefined;
  /** Runs code of this library where it must not throw. A fault of ours is reported as `internal`. */
  guard(run: () => void): void;
  warnOnce(code: WarningCode, message: string): void;
  /** Whether reports go to a local API. */
  readonly isReporting: boolean;
  /** Reports the outcome of a request; it is only read where `debug` is on. */
  request(read: () => RequestOutcome): void;
}
