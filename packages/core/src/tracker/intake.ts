import type { Catalogue } from '../catalogue/catalogue.js';
import type { KnownUpdates } from '../delivery/known-updates.js';
import type { Ledger } from '../delivery/ledger.js';
import { describe, TrackingError } from '../errors.js';
import type { Contact } from '../event/contact.js';
import {
  type ActionKind,
  assignContact,
  type DroppedEvent,
  findContactProblem,
  findDraftProblem,
  findProblem,
  pageviewOf,
  readEvent,
  type TrackedEvent,
} from '../event/event.js';
import { isObject } from '../event/json.js';
import { isUpdate, isUpdateKind, readUpdate, type UpdateKind } from '../event/update.js';
import { byteLength, maxBodyBytes, toWire } from '../event/wire.js';
import type { EventKind, QueuedEvent } from '../queue/queue.js';
import type { DropReason, SkipReason } from '../reasons.js';
import type { Reporter } from '../reporting/reporter.js';
import type { TrackerOptions } from './options.js';
import { scrub } from './scrub.js';

/** An event without its contact. */
export interface Draft {
  event: TrackedEvent;
  /** Whether everything but the contact was validated. */
  isValid: boolean;
  /** Whether `successeve dev` is to show it as reported by a browser. */
  isReported?: boolean;
}

interface IntakeParts {
  readonly catalogue: Catalogue | undefined;
  readonly beforeSend: TrackerOptions['beforeSend'];
  readonly isStrict: boolean;
  readonly knownUpdates: KnownUpdates;
  readonly ledger: Ledger;
  readonly reporter: Reporter;
  readonly push: (event: QueuedEvent) => void;
}

/**
 * Takes events in: reads what was passed, completes it by the catalogue, lets `beforeSend` scrub it, validates and
 * serialises it, each once, and pushes it to the queue. An invalid event is rejected.
 */
export class Intake {
  readonly #parts: IntakeParts;
  /** Whether what is accepted from now on is dropped. */
  isClosed = false;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Takes an event that names its contact. */
  event(kind: ActionKind, eventUid: string, input: unknown): void {
    if (!isObject(input)) {
      const expected = kind === 'event' ? '{ contactUid }' : '{ contactUid, visitUrl }';
      const problem = `expected an object such as ${expected}, got ${describe(input)}`;
      return void this.#reject({ kind, eventUid }, problem);
    }
    this.#safely({ kind, eventUid }, () => {
      const event = this.#complete(readEvent(kind, eventUid, input));
      return event && this.#accept(event);
    });
  }

  /** Takes the automatic pageview of a request, and counts it as recorded; false where it is rejected. */
  pageview(contact: Contact, visitUrl: string, occurredAt: number): boolean {
    return this.submit({ event: pageviewOf(visitUrl, occurredAt), isValid: false }, contact);
  }

  skip(reason: SkipReason): void {
    this.#parts.ledger.skipped[reason]++;
  }

  update(kind: UpdateKind, uid: unknown, params: unknown): void {
    this.#safely({ kind }, () => this.#accept(readUpdate(kind, uid, params)));
  }

  /**
   * Reads an event without its contact, and stamps it with its time; false where it is rejected, also where `readDetails`
   * throws.
   */
  draft(kind: EventKind, eventUid: string | undefined, readDetails: () => unknown): Draft | false {
    return this.#safely({ kind, eventUid } as DroppedEvent, () => {
      const details = readDetails();
      if (isUpdateKind(kind)) return { event: readUpdate(kind, undefined, details), isValid: false };
      const event = this.#complete(readEvent(kind, eventUid, details ?? {}));
      return event && { event, isValid: false };
    });
  }

  /**
   * Validates a draft that has to wait for its contact, and copies it, so that later changes have no effect; false where
   * it is rejected.
   */
  hold(draft: Draft): boolean {
    const { event } = draft;
    return this.#safely(event, () => {
      const problem = findDraftProblem(event);
      if (problem) return this.#reject(event, problem);
      const { params } = event;
      draft.event = { ...event, params: params && JSON.parse(JSON.stringify(params)) };
      draft.isValid = true;
      return true;
    });
  }

  /**
   * Accepts a draft for its contact, and counts a pageview as recorded; false where it is rejected. An account named with
   * the event wins over the contact's.
   */
  submit({ event, isValid, isReported }: Draft, contact: Contact): boolean {
    const isAccepted = this.#safely({ kind: event.kind, eventUid: event.eventUid } as DroppedEvent, () =>
      this.#accept(assignContact(event, contact), isValid ? findContactProblem : findProblem, isReported),
    );
    if (isAccepted && event.kind === 'pageview') this.#parts.ledger.recorded++;
    return isAccepted;
  }

  /** Accounts for an event that is accepted, but has no contact or no consent, or came too late: it is dropped at once. */
  drop(event: DroppedEvent, reason: DropReason, error: TrackingError): void {
    const { ledger, reporter } = this.#parts;
    ledger.settleDropped(ledger.accept(), reason);
    reporter.drop(event.kind, () => event, reason, error);
  }

  #accept(
    read: TrackedEvent,
    findRemainingProblem: (event: TrackedEvent) => string | undefined = findProblem,
    isReported?: boolean,
  ): boolean {
    const { beforeSend, ledger, push } = this.#parts;
    const event = beforeSend ? this.#scrub(read, beforeSend) : read;
    if (!event) return true;
    const problem = beforeSend ? findProblem(event) : findRemainingProblem(event);
    if (problem) return this.#reject(event, problem);
    const body = toWire(event);
    const bytes = byteLength(body);
    if (bytes > maxBodyBytes) {
      return this.#reject(event, `expected a body of at most ${maxBodyBytes} bytes, got ${bytes}`);
    }
    if (this.isClosed) this.drop(event, 'closed', new TrackingError('closed', 'the tracker is closed'));
    else if (!isUpdate(event) || this.#isNews(event, body)) {
      const occurredAt = event.occurredAt.getTime();
      push({ id: ledger.accept(), kind: event.kind, body, bytes, occurredAt, isReported });
    }
    return true;
  }

  /** The event as its definition in the catalogue completes it; false where it is rejected. */
  #complete(event: TrackedEvent<ActionKind>): TrackedEvent | false {
    const completed = this.#parts.catalogue?.complete(event) ?? event;
    return 'problem' in completed ? this.#reject(event, completed.problem, completed.cause) : completed;
  }

  /** The event as `beforeSend` returns it; `undefined` where it is dropped. */
  #scrub(
    event: TrackedEvent,
    beforeSend: NonNullable<TrackerOptions['beforeSend']>,
  ): TrackedEvent | undefined {
    const scrubbed = scrub(event, beforeSend);
    if (!(scrubbed instanceof TrackingError)) return scrubbed;
    if (scrubbed.code === 'callback_failed') this.#parts.reporter.error(scrubbed);
    this.drop(event, 'before_send', scrubbed);
    return undefined;
  }

  /** A queue that fails here does not keep an update from being sent. */
  #isNews(update: TrackedEvent<UpdateKind>, body: string): boolean {
    const { knownUpdates, reporter } = this.#parts;
    return reporter.call('the queue', () => knownUpdates.isNews(update, body)) ?? true;
  }

  /** Runs what reads an object of the application's, which may have a getter that throws: the event is rejected then. */
  #safely<Result>(event: DroppedEvent, run: () => Result): Result | false {
    try {
      return run();
    } catch (cause) {
      if (this.#parts.isStrict && cause instanceof TrackingError && cause.code === 'invalid') throw cause;
      return this.#reject(event, 'expected an object that can be read and is JSON throughout', cause);
    }
  }

  /** @throws TrackingError with the code `invalid`, where the tracker is strict. */
  #reject(event: DroppedEvent, problem: string, cause?: unknown): false {
    const { isStrict, ledger, reporter } = this.#parts;
    const error = new TrackingError('invalid', problem, { cause });
    if (isStrict) throw error;
    ledger.dropped.invalid++;
    reporter.drop(event.kind, () => event, 'invalid', error);
    return false;
  }
}
