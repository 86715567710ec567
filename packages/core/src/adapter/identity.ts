import { describe, TrackingError, type TrackingErrorCode } from '../errors.js';
import type { Contact } from '../event/contact.js';
import type { DropReason } from '../reasons.js';
import { callbackFailed } from '../reporting/reporter.js';
import { isPromiseLike } from '../runtime/promise-like.js';
import { startTimer, type Timer } from '../runtime/timers.js';
import type { AdapterPort, WaitingForContact } from '../tracker/adapter-port.js';

/** What `identify` may answer: a contact, or nobody. */
export type Identified = Contact | null | undefined | false | '' | 0;

/** How long an asynchronous `identify` may take. Our choice: what waits for it must not wait for ever. */
const timeoutMs = 10_000;

/** Most of what waits for the contact of one request. Our choice: a stream may go on for days, and know nobody. */
const maxWaiting = 1_000;

/** When, in a response that takes long, it is asked again while something waits; twice as long each time, up to this. */
const askAgainMs = { first: 1_000, longest: 60_000 };

/** Why nobody is known. */
export interface Nobody {
  readonly reason: DropReason;
  readonly message: string;
}

const knewNobody: Nobody = {
  reason: 'no_contact',
  message: 'identify knew nobody by the end of the response',
};
const tooMany: Nobody = {
  reason: 'no_contact',
  message: `identify knew nobody, and ${maxWaiting} wait for the contact of this request already`,
};
const closed: Nobody = {
  reason: 'closed',
  message: 'the tracker was closed before identify knew anybody',
};

/** Called with the contact, or with why there is none. */
type Listener = (contact: Contact | undefined, nobody: Nobody) => void;

/**
 * Finds out who makes a request, as late as possible: when somebody first needs to know, and once more at the end of
 * the response, because authentication runs after our middleware. A response that takes long does not hold up what
 * waits: it is asked now and then in between.
 */
export class Identity implements WaitingForContact {
  readonly #identify: () => Identified | PromiseLike<Identified>;
  readonly #port: AdapterPort;
  #contact: Contact | undefined;
  #waiting: Listener[] = [];
  /** Settles when the answer that is awaited was heard, and the next one where it was nobody. */
  #asking: Promise<void> | undefined;
  #wasAsked = false;
  #hasFailed = false;
  /** Set by the end of the response; whoever is unknown after the next answer stays so. */
  #isEnding = false;
  #isFinal = false;
  #askAgain: Timer | undefined;

  constructor(identify: () => Identified | PromiseLike<Identified>, port: AdapterPort) {
    this.#identify = identify;
    this.#port = port;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Asks, if it is time to, and answers the contact where that is known at once. */
  ask(): Contact | undefined {
    if (!this.#wasAsked || this.#isEnding) this.askAgain();
    return this.#contact;
  }

  askAgain(): void {
    if (!this.#contact && !this.#isFinal && !this.#asking) this.#ask();
  }

  /** Calls `listener` once: with the contact as soon as it is known, or with the reason when it stays unknown. */
  whenKnown(listener: Listener): void {
    this.ask();
    if (this.#contact || this.#isFinal) return listener(this.#contact, knewNobody);
    if (this.#waiting.length >= maxWaiting && !this.#isEnding) return listener(undefined, tooMany);
    this.#waiting.push(listener);
    this.#port.waiting.add(this);
    this.#askAgain ??= this.#askAgainIn(askAgainMs.first);
  }

  /** The application says by itself who it is. What is no contact changes nothing. */
  tell(contact: Contact): void {
    this.#port.call('req.track.identify', () => {
      const told = isObject(contact) ? { ...contact } : contact;
      if (isObject(told) && isKnown(told)) this.#set(told);
      else this.#port.error(notAContact('invalid', told));
    });
  }

  /** The response has ended: whoever waits gets an answer now, if need be by asking once more. */
  end(): void {
    this.#isEnding = true;
    if (this.#waiting.length > 0) this.ask();
  }

  giveUp(): void {
    this.#answerAll(closed);
  }

  #set(contact: Contact): void {
    this.#contact = contact;
    this.#answerAll(knewNobody);
  }

  #askAgainIn(ms: number): Timer {
    return startTimer(() => {
      this.#askAgain = this.#askAgainIn(Math.min(2 * ms, askAgainMs.longest));
      this.askAgain();
    }, ms);
  }

  #ask(): void {
    this.#wasAsked = true;
    const isLast = this.#isEnding;
    try {
      const answer = this.#identify();
      if (isPromiseLike(answer)) this.#await(answer, isLast);
      else this.#heard(answer, isLast);
    } catch (cause) {
      this.#failed(cause, isLast);
    }
  }

  #await(answer: PromiseLike<Identified>, isLast: boolean): void {
    const timely = new Promise<Identified>((resolve, reject) => {
      const timer = startTimer(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      // A thenable of somebody else's may return nothing.
      Promise.resolve(answer)
        .then(resolve, reject)
        .then(() => clearTimeout(timer));
    });
    this.#asking = timely.then(
      (contact) => {
        this.#asking = undefined;
        try {
          this.#heard(contact, isLast);
        } catch (cause) {
          this.#failed(cause, isLast);
        }
        return this.#asking;
      },
      (cause) => {
        this.#asking = undefined;
        this.#failed(cause, isLast);
        return this.#asking;
      },
    );
    this.#port.holdFlush(this.#asking);
  }

  #heard(contact: Identified, isLast: boolean): void {
    if (this.#contact) return;
    if (contact && isKnown(contact)) return this.#set(contact);
    if (contact && !(isObject(contact) && 'contactUid' in contact && isNobody(contact.contactUid))) {
      return this.#failed(notAContact('callback_failed', contact), isLast);
    }
    this.#heardNobody(isLast);
  }

  #failed(cause: unknown, isLast: boolean): void {
    if (!this.#hasFailed) {
      this.#hasFailed = true;
      this.#port.error(cause instanceof TrackingError ? cause : callbackFailed('identify', cause));
    }
    if (!this.#contact) this.#heardNobody(isLast);
  }

  #heardNobody(isLast: boolean): void {
    if (isLast) {
      this.#isFinal = true;
      this.#answerAll(knewNobody);
    } else if (this.#isEnding && this.#waiting.length > 0) this.#ask();
  }

  #answerAll(nobody: Nobody): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#port.waiting.delete(this);
    clearTimeout(this.#askAgain);
    this.#askAgain = undefined;
    for (const listener of waiting) this.#port.call('tracking', () => listener(this.#contact, nobody));
  }
}

/** `{ contactUid: req.session.userId }` before anybody has signed in; and no account. */
export function isNobody(uid: unknown): boolean {
  return uid === undefined || uid === null || uid === '';
}

function notAContact(code: TrackingErrorCode, contact: unknown): TrackingError {
  return new TrackingError(
    code,
    `identify: expected { contactUid, accountUid? } with a string, a number or a bigint, got ${describeContact(contact)}`,
  );
}

/** Of an object that names no contact its keys, and never a value. */
function describeContact(contact: unknown): string {
  if (!isObject(contact) || Array.isArray(contact)) return describe(contact);
  if ('contactUid' in contact) return `contactUid: ${describe(contact.contactUid)}`;
  const keys = Object.keys(contact);
  if (keys.length === 0) return 'an object without keys';
  return `an object with ${keys.slice(0, 10).join(', ')}${keys.length > 10 ? ', …' : ''}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isKnown(contact: Partial<Contact>): boolean {
  const { contactUid } = contact;
  if (typeof contactUid === 'string') return contactUid.trim() !== '';
  return Number.isFinite(contactUid) || typeof contactUid === 'bigint';
}
