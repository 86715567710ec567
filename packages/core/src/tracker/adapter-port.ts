import type { TrackingError } from '../errors.js';
import type { Contact } from '../event/contact.js';
import type { ActionKind, DroppedEvent, EventDetails, PageviewInput, TrackedEvent } from '../event/event.js';
import type { UpdateKind } from '../event/update.js';
import type { DropReason, SkipReason } from '../reasons.js';
import type { WarningCode } from '../reporting/dev-reports.js';
import type { RequestOutcome } from '../reporting/reporter.js';

/**
 * What the adapter kit may do with a tracker beside tracking. Under a registered symbol, so that a kit of one copy
 * of this package (ESM, CommonJS) works with a tracker of another.
 */
export const adapterPort: unique symbol = Symbol.for('@successeve/core/adapter-port');

/** An event without its contact. */
export type UnassignedEvent = EventDetails & { visitUrl?: PageviewInput['visitUrl'] | undefined };

/** What was tracked in one request and waits for its contact. */
export interface WaitingForContact {
  /** How much it is. */
  readonly waiting: number;
  /** The tracker is about to close: what is known by now is handed over. */
  askAgain(): void;
  /** The tracker is closed: what still waits is dropped. */
  giveUp(): void;
}

export interface AdapterPort {
  readonly isEnabled: boolean;
  /** Accounts for an event that was tracked but cannot be handed over: nobody was known, or consent was missing. */
  drop(event: DroppedEvent, reason: DropReason, error: TrackingError): void;
  /**
   * Validates an event whose contact is not known yet, and copies it, so that later changes change nothing.
   *
   * @returns `undefined` for an invalid one, which was refused.
   */
  freeze(kind: ActionKind, eventUid: string, details: UnassignedEvent): TrackedEvent<ActionKind> | undefined;
  /** The same for what is told of a contact, or of its account. */
  freezeUpdate(kind: UpdateKind, params: unknown): TrackedEvent<UpdateKind> | undefined;
  /** Accepts what was frozen, for the contact that is known by now. */
  assign(frozen: TrackedEvent, contact: Contact): void;
  /** Accepts what is told of a contact that is known, or of its account. */
  tell(kind: UpdateKind, params: unknown, contact: Contact): void;
  /** Tracks a pageview, and counts it where it was accepted, which is answered. */
  pageview(pageview: PageviewInput): boolean;
  countSkip(reason: SkipReason): void;
  /** Where nobody is known yet. */
  readonly waiting: Set<WaitingForContact>;
  /** Lets `flush` and `close` wait for events whose contact is still being asked for. */
  holdFlush(settled: Promise<unknown>): void;
  error(error: TrackingError): void;
  /** Calls a function of the customer's; `undefined` when it threw, which is reported. */
  call<Result>(name: string, callback: () => Result): Result | undefined;
  warnOnce(code: WarningCode, message: string): void;
  /** Whether a local API wants to know what became of requests. */
  readonly isReporting: boolean;
  /** Tells what became of a request; it is only read where somebody wants to know. */
  request(read: () => RequestOutcome): void;
}
