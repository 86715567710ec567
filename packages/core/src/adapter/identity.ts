import { describe, TrackingError, type TrackingErrorCode } from '../errors.js';
import { type Contact, isContact } from '../event/contact.js';
import { isObject } from '../event/json.js';
import type { DropReason } from '../reasons.js';
import { callbackFailed } from '../reporting/reporter.js';
import { isPromiseLike } from '../runtime/promise-like.js';
import { startTimer, type Timer } from '../runtime/timers.js';
import type { AdapterPort } from '../tracker/adapter-port.js';
import type { WaitingForContact } from '../tracker/closing.js';

/** What `identify` may return: a contact, or nothing where the visitor is unknown. */
export type Identified = Contact | null | undefined | false | '' | 0;

type Identify<Request> = (request: Request) => Identified | PromiseLike<Identified>;

/** How long an asynchronous `identify` may take. Our choice: what waits for it must not wait forever. */
const timeoutMs = 10_000;

/** Most events that wait for the contact of one request. Our choice: a stream may go on for days without one. */
const maxWaiting = 1_000;

/** In a long response, `identify` is called again while events wait: after a second, then at growing intervals. */
const askAgainMs = { first: 1_000, longest: 60_000 };

/** Why the contact is unknown. */
export interface Unknown {
  readonly reason: DropReason;
  readonly message: string;
}

const notIdentified: Unknown = {
  reason: 'no_contact',
  message: 'identify returned no contact by the end of the response',
};
const tooMany: Unknown = {
  reason: 'no_contact',
  message: `identify returned no contact yet; of the events of this request, ${maxWaiting} wait for it already`,
};
const closed: Unknown = {
  reason: 'closed',
  message: 'the tracker was closed before identify returned a contact',
};

/**
 * How far the search for a contact is: `identify` was not called yet, was called, has to be called for the last time
 * since the response has ended, was called for the last time, or returned no contact then.
 */
type Stage = 'unasked' | 'asked' | 'ended' | 'asked_last' | 'unknown';

/** Called with the contact, or with the reason why there is none. */
type Listener = (contact: Contact | undefined, unknown: Unknown) => void;

/**
 * Finds the contact of a request, as late as possible: when it is first needed, and once more at the end of the
 * response, because authentication runs after our middleware. In a long response it is asked for in between as well, so
 * that events do not wait for the end.
 */
export class Identity<Request> implements WaitingForContact {
  readonly #identify: Identify<Request>;
  readonly #request: Request;
  readonly #port: AdapterPort;
  #contact: Contact | undefined;
  #waiting: Listener[] = [];
  /** Settles when the pending call of `identify` has, and the next one where that returned no contact. */
  #asking: Promise<void> | undefined;
  #stage: Stage = 'unasked';
  #hasFailed = false;
  #askAgain: Timer | undefined;

  constructor(identify: Identify<Request>, request: Request, port: AdapterPort) {
    this.#identify = identify;
    this.#request = request;
    this.#port = port;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Calls `identify` where that is due, and returns the contact where it is known at once. */
  ask(): Contact | undefined {
    if (this.#stage !== 'asked') this.askAgain();
    return this.#contact;
  }

  askAgain(): void {
    const isOver = this.#stage === 'asked_last' || this.#stage === 'unknown';
    if (!this.#contact && !this.#asking && !isOver) this.#ask();
  }

  /** Calls `listener` once: with the contact as soon as it is known, or with the reason where it stays unknown. */
  whenKnown(listener: Listener): void {
    this.ask();
    if (this.#contact || this.#stage === 'unknown') return listener(this.#contact, notIdentified);
    if (this.#waiting.length >= maxWaiting && this.#stage === 'asked') return listener(undefined, tooMany);
    this.#waiting.push(listener);
    this.#port.closing.waiting.add(this);
    this.#askAgain ??= this.#askAgainIn(askAgainMs.first);
  }

  /** The application sets the contact itself. An invalid one changes nothing, and is reported. */
  set(contact: Contact): void {
    this.#port.reporter.call('req.track.identify', () => {
      const given = isObject(contact) ? { ...contact } : contact;
      if (isContact(given)) this.#resolve(given);
      else this.#port.reporter.error(notAContact('invalid', given));
    });
  }

  /** The response has ended: what waits is settled now, if need be by one more call of `identify`. */
  end(): void {
    this.#stage = 'ended';
    if (this.#waiting.length > 0) this.ask();
  }

  giveUp(): void {
    this.#settleAll(closed);
  }

  #resolve(contact: Contact): void {
    this.#contact = contact;
    this.#settleAll(notIdentified);
  }

  #askAgainIn(ms: number): Timer {
    return startTimer(() => {
      this.#askAgain = this.#askAgainIn(Math.min(2 * ms, askAgainMs.longest));
      this.askAgain();
    }, ms);
  }

  #ask(): void {
    this.#stage = this.#stage === 'ended' ? 'asked_last' : 'asked';
    const identify = this.#identify;
    try {
      const result = identify(this.#request);
      if (!isPromiseLike(result)) return this.#received(result);
      this.#asking = this.#await(result);
      this.#port.closing.expect(this.#asking);
    } catch (cause) {
      this.#failed(cause);
    }
  }

  async #await(result: PromiseLike<Identified>): Promise<void> {
    let timer: Timer | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = startTimer(() => reject(new Error(`no result within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      const contact = await Promise.race([result, timeout]);
      this.#asking = undefined;
      this.#received(contact);
    } catch (cause) {
      this.#asking = undefined;
      this.#failed(cause);
    }
    clearTimeout(timer);
    // The next call, where this one returned no contact.
    await this.#asking;
  }

  #received(contact: unknown): void {
    if (this.#contact) return;
    if (isContact(contact)) return this.#resolve(contact);
    if (contact && !(isObject(contact) && 'contactUid' in contact && isEmptyUid(contact.contactUid))) {
      return this.#failed(notAContact('callback_failed', contact));
    }
    this.#notIdentified();
  }

  #failed(cause: unknown): void {
    if (!this.#hasFailed) {
      this.#hasFailed = true;
      this.#port.reporter.error(cause instanceof TrackingError ? cause : callbackFailed('identify', cause));
    }
    if (!this.#contact) this.#notIdentified();
  }

  #notIdentified(): void {
    if (this.#stage === 'ended' && this.#waiting.length > 0) return this.#ask();
    if (this.#stage !== 'asked_last') return;
    this.#stage = 'unknown';
    this.#settleAll(notIdentified);
  }

  #settleAll(unknown: Unknown): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#port.closing.waiting.delete(this);
    clearTimeout(this.#askAgain);
    this.#askAgain = undefined;
    for (const listener of waiting) this.#port.reporter.guard(() => listener(this.#contact, unknown));
  }
}

/** Whether an id is empty: `{ contactUid: req.session.userId }` before a visitor has signed in. */
export function isEmptyUid(uid: unknown): boolean {
  return uid === undefined || uid === null || uid === '';
}

function notAContact(code: TrackingErrorCode, contact: unknown): TrackingError {
  return new TrackingError(
    code,
    `identify: expected { contactUid, accountUid? } with a string, a number or a bigint, got ${describeContact(contact)}`,
  );
}

/** Of an object that is not a contact its keys, and never a value. */
function describeContact(contact: unknown): string {
  if (!isObject(contact)) return describe(contact);
  if ('contactUid' in contact) return `contactUid: ${describe(contact.contactUid)}`;
  const keys = Object.keys(contact);
  if (keys.length === 0) return 'an object without keys';
  return `an object with ${keys.slice(0, 10).join(', ')}${keys.length > 10 ? ', …' : ''}`;
}
