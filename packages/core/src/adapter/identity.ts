import type { AdapterPort } from '../adapter-port.js';
import { describe, TrackingError, type TrackingErrorCode } from '../errors.js';
import { callbackFailed, isPromiseLike } from '../reporter.js';
import { startTimer } from '../timers.js';
import type { Contact } from './request-track.js';

/** What `identify` may answer: a contact, or nobody. */
export type Identified = Contact | null | undefined | false | '' | 0;

/** How long an asynchronous `identify` may take. Our choice: what waits for it must not wait for ever. */
const timeoutMs = 10_000;

type Listener = (contact: Contact | undefined) => void;

/**
 * Finds out who makes a request, as late as possible: when somebody first needs to know, and once more at the end of
 * the response, because authentication runs after our middleware.
 */
export class Identity {
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

  constructor(identify: () => Identified | PromiseLike<Identified>, port: AdapterPort) {
    this.#identify = identify;
    this.#port = port;
  }

  /** Asks, if it is time to, and answers the contact where that is known at once. */
  ask(): Contact | undefined {
    const isTime = !this.#wasAsked || this.#isEnding;
    if (!this.#contact && !this.#isFinal && !this.#asking && isTime) this.#ask();
    return this.#contact;
  }

  /**
   * Calls `listener` once: with the contact as soon as it is known, or with nothing when it stays unknown.
   *
   * @returns what settles with the answer that is awaited, if one is.
   */
  whenKnown(listener: Listener): Promise<void> | undefined {
    this.ask();
    if (this.#contact || this.#isFinal) {
      listener(this.#contact);
      return undefined;
    }
    this.#waiting.push(listener);
    return this.#asking;
  }

  /** The application says by itself who it is. What is no contact changes nothing. */
  tell(contact: Contact): void {
    const told = this.#port.call('req.track.identify', () => ({ ...contact }));
    if (!told) return;
    if (isKnown(told)) this.#set(told);
    else this.#port.error(notAContact('invalid', told));
  }

  /** The response has ended: whoever waits gets an answer now, if need be by asking once more. */
  end(): void {
    this.#isEnding = true;
    if (this.#waiting.length > 0) this.ask();
  }

  #set(contact: Contact): void {
    this.#contact = contact;
    this.#answerAll();
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
      answer.then(resolve, reject).then(() => clearTimeout(timer));
    });
    this.#asking = timely.then(
      (contact) => {
        this.#asking = undefined;
        this.#heard(contact, isLast);
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
    if (contact && (typeof contact !== 'object' || !isNobody(contact.contactUid))) {
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
      this.#answerAll();
    } else if (this.#isEnding && this.#waiting.length > 0) this.#ask();
  }

  #answerAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const listener of waiting) this.#port.call('tracking', () => listener(this.#contact));
  }
}

/** `{ contactUid: req.session.userId }` before anybody has signed in; and no account. */
export function isNobody(uid: unknown): boolean {
  return uid === undefined || uid === null || uid === '';
}

function notAContact(code: TrackingErrorCode, contact: Contact | string | number | true): TrackingError {
  const got = typeof contact === 'object' ? `contactUid: ${describe(contact.contactUid)}` : describe(contact);
  return new TrackingError(
    code,
    `identify: expected { contactUid, accountUid? } with a string, a number or a bigint, got ${got}`,
  );
}

function isKnown({ contactUid }: Contact): boolean {
  if (typeof contactUid === 'string') return contactUid.trim() !== '';
  return Number.isFinite(contactUid) || typeof contactUid === 'bigint';
}
