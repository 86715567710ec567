import type { DropReason } from './reasons.js';

/**
 * What a {@link TrackingError} is about: the reason of a drop, or
 *
 * - `invalid_options`: an option is wrong; thrown at creation.
 * - `misconfigured`: the API rejects everything, so the set-up is at fault: the token, the URL, a proxy.
 * - `unavailable`: the API could not be reached, or responded that it cannot serve now.
 * - `queue_failed`: the queue cannot keep events where it should, such as on a full disk; they wait in memory.
 * - `callback_failed`: a function of yours (`identify`, `onDrop`, …) threw; what it threw is the `cause`.
 * - `internal`: a fault of this library, which changed nothing in your application; please report it.
 */
export type TrackingErrorCode =
  | DropReason
  | 'invalid_options'
  | 'misconfigured'
  | 'unavailable'
  | 'queue_failed'
  | 'callback_failed'
  | 'internal';

interface TrackingErrorOptions extends ErrorOptions {
  status?: number | undefined;
  body?: string | undefined;
}

/**
 * The one error of this library. Its message holds no token, no contact and no visited URL.
 *
 * Compare `code`, never `instanceof`: the ESM and the CommonJS build are two classes.
 */
export class TrackingError extends Error {
  override readonly name = 'TrackingError';
  readonly code: TrackingErrorCode;
  /** The HTTP status, where the API answered. */
  declare readonly status?: number;
  /** The first 300 characters of the API's answer, the token masked. May repeat what the event held: do not log it. */
  declare readonly body?: string;

  constructor(code: TrackingErrorCode, message: string, { cause, status, body }: TrackingErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    if (status !== undefined) this.status = status;
    // Not enumerable: a log of the whole error does not show what the API repeated of the event.
    if (body !== undefined) Object.defineProperty(this, 'body', { value: body });
  }
}

/** The same response of the API under another code. */
export function withCode(
  code: TrackingErrorCode,
  message: string,
  { status, body }: TrackingError,
): TrackingError {
  return new TrackingError(code, message, { status, body });
}

/** Describes a value for an error message: its type, and its content only where that cannot be personal. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'object') return Object.prototype.toString.call(value).slice(8, -1);
  return typeof value;
}

/** An `invalid_options` error: which option, what was expected, and what came instead. */
export function invalidOption(name: string, expected: string, got: unknown): TrackingError {
  return wrongOption(name, expected, describe(got));
}

/** The same, with what came in words. */
export function wrongOption(name: string, expected: string, got: string): TrackingError {
  return new TrackingError('invalid_options', `${name}: expected ${expected}, got ${got}`);
}
