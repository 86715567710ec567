import type { Contact } from './adapter/request-track.js';
import type { WarningCode } from './dev-reports.js';
import type { DropReason, TrackingError } from './errors.js';
import type { ActionKind, DroppedEvent, EventDetails, PageviewInput, TrackedEvent } from './event.js';
import type { RequestOutcome } from './reporter.js';
import type { SkipReason } from './stats.js';
import type { UpdateKind } from './update.js';

/**
 * What the adapter kit may do with a tracker beside tracking. Under a registered symbol, so that a kit of one copy
 * of this package (ESM, CommonJS) works with a tracker of another.
 */
export const adapterPort: unique symbol = Symbol.for('@successeve/core/adapter-port');

/** An event without its contact. */
export type UnassignedEvent = EventDetails & { visitUrl?: PageviewInput['visitUrl'] | undefined };

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
  countPageview(): void;
  countSkip(reason: SkipReason): void;
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
