import { describe, TrackingError } from '../errors.js';
import type { DroppedEvent } from '../event/event.js';
import { isSnakeCase } from '../event/snake-case.js';
import { wireKind } from '../event/wire.js';
import type { EventKind, QueuedEvent } from '../queue/queue.js';
import type { DropReason } from '../reasons.js';
import { isPromiseLike } from '../runtime/promise-like.js';
import { isError } from '../runtime/realms.js';
import type { SendResult } from '../transport/transport.js';
import { publish } from './channels.js';
import type { DevReports, SkipReport, WarningCode } from './dev-reports.js';

/** Where log lines go: `console`, or a logger with the same three methods. */
export interface Logger {
  debug(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface ReporterOptions {
  readonly logger: Logger;
  readonly debug: boolean;
  readonly onError: ((error: TrackingError) => void) | undefined;
  readonly onDrop: ((event: DroppedEvent, reason: DropReason, error: TrackingError) => void) | undefined;
  /** Where a local API takes reports. */
  readonly devReports?: DevReports | undefined;
}

/** The outcome of a request to the application. */
export interface RequestOutcome extends Pick<SkipReport, 'method' | 'path' | 'page'> {
  readonly outcome: SkipReport['reason'] | 'pageview';
  /** `unanswered` before the head of the response is sent. */
  readonly status?: number | 'unanswered' | undefined;
  /** Whether a document loads it by itself, such as an image: not worth a report. */
  readonly isAsset?: boolean;
}

/** The default callbacks log at most one line in this time for each kind of problem. */
const logEveryMs = 60_000;

/** The most kinds of lines that are distinguished. */
const maxLines = 100;

/** Reports to the application what went wrong, and in the log what was done. Never throws, even if a callback does. */
export class Reporter {
  readonly #options: ReporterOptions;
  /** For each kind of line: when it was last written, and how many were held back since. */
  readonly #lines = new Map<string, { writtenAt: number; heldBack: number }>();
  readonly #warned = new Set<WarningCode>();
  /** The callbacks that are running. A problem that one of them causes is not reported to it: that would never end. */
  readonly #running = new Set<string>();

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Whether reports go to a local API. */
  get isReporting(): boolean {
    return this.#options.devReports !== undefined;
  }

  /** Sends the last reports to a local API. */
  async flush(): Promise<void> {
    await this.#options.devReports?.flush();
  }

  error(error: TrackingError): void {
    const { onError, devReports } = this.#options;
    const cause = this.#causeToShow(error);
    const message = withCause(error.message, undefined);
    devReports?.add({ type: 'error', code: error.code, message, cause });
    if (onError && !this.#running.has('onError')) this.#run('onError', () => onError(error));
    else this.#logError(error.code, error);
  }

  /** Reads the event only if it is shown somewhere. */
  drop(kind: EventKind, readEvent: () => DroppedEvent, reason: DropReason, error: TrackingError): void {
    publish('dropped', () => ({ event: readEvent(), reason, error }));
    const { onDrop, devReports } = this.#options;
    if (devReports) {
      const { eventUid, contactUid, accountUid } = readEvent();
      const { message } = error;
      devReports.add({ type: 'dropped', reason, message, kind, eventUid, contactUid, accountUid });
    }
    if (onDrop && !this.#running.has('onDrop')) this.#run('onDrop', () => onDrop(readEvent(), reason, error));
    else if (reason !== 'before_send') {
      // Each name of an invalid event is a mistake of its own, within reason.
      const isOfItsOwn = reason === 'invalid' && this.#lines.size < maxLines;
      const line = isOfItsOwn ? `${reason} ${nameOf(kind, readEvent())}` : reason;
      this.#logNowAndThen(line, 'warn', () => {
        const name = nameOf(kind, readEvent());
        const what = `${kind === 'contact' ? 'a' : 'an'} ${wireKind(kind)}${name && `, ${name}`}`;
        return `dropped ${what} (${reason}): ${error.message}`;
      });
    }
  }

  /** Writes a warning the first time that `code` comes up. */
  warnOnce(code: WarningCode, message: string): void {
    if (this.#warned.has(code)) return;
    this.#warned.add(code);
    this.#options.devReports?.add({ type: 'warning', code, message });
    this.warn(message);
  }

  warn(message: string): void {
    this.#write('warn', message);
  }

  /** Writes a line where `debug` is on; the message is only made then. */
  debug(message: () => string): void {
    if (this.#options.debug) this.#write('debug', message());
  }

  /** Reports the outcome of a request to the application, where `debug` is on. */
  request(read: () => RequestOutcome): void {
    const { debug, devReports } = this.#options;
    if (!debug) return;
    const { outcome, method, path, page, status, isAsset } = read();
    this.debug(() => `${method} ${path}${status === undefined ? '' : ` ${status}`}: ${outcome}`);
    if (outcome === 'pageview' || isAsset) return;
    const reported = typeof status === 'number' ? status : undefined;
    devReports?.add({ type: 'skipped', reason: outcome, method, path, page, status: reported });
  }

  /** Reports a request to the API on its diagnostics channel, and in the log where `debug` is on. */
  sent(events: readonly QueuedEvent[], result: SendResult, durationMs: number): void {
    const { status, rateLimit } = result;
    const error = 'error' in result ? result.error : undefined;
    publish('request', () => {
      return { result: status, httpStatus: error?.status, events: events.length, durationMs, rateLimit };
    });
    this.debug(() => {
      const why = error ? ` (${error.message})` : '';
      return `sent ${inWords(events)} in ${durationMs} ms: ${status}${why}`;
    });
  }

  /** Calls a function of the application, and returns its result; `undefined` where it threw, which is reported. */
  call<Result>(name: string, callback: () => Result): Result | undefined {
    try {
      const result = callback();
      // An asynchronous callback that rejects would end the process just as well.
      if (isPromiseLike(result)) result.then(undefined, (cause) => this.#callbackFailed(name, cause));
      return result;
    } catch (cause) {
      this.#callbackFailed(name, cause);
      return undefined;
    }
  }

  /** Runs code of this library where it must not throw. A fault of ours is reported as `internal`. */
  guard(run: () => void): void {
    try {
      run();
    } catch (cause) {
      this.error(internalError(cause));
    }
  }

  /** Calls a callback that may cause the same problem again. */
  #run(name: string, callback: () => unknown): void {
    this.call(name, () => {
      this.#running.add(name);
      try {
        return callback();
      } finally {
        this.#running.delete(name);
      }
    });
  }

  #callbackFailed(name: string, cause: unknown): void {
    const error = callbackFailed(name, cause);
    // A callback that reports problems cannot report its own.
    if (name === 'onError' || !this.#options.onError) {
      this.#logError(`callback:${name}`, error);
    } else this.error(error);
  }

  #logError(kind: string, error: TrackingError): void {
    const cause = this.#causeToShow(error);
    const message = cause === undefined ? error.message : withCause(error.message, cause);
    this.#logNowAndThen(kind, 'error', () => message);
  }

  /** The message of what a callback threw. It may be personal, so it stays on a developer's machine. */
  #causeToShow({ code, cause }: TrackingError): string | undefined {
    if (!this.#options.devReports || code !== 'callback_failed' || cause === undefined) return undefined;
    return isError(cause) ? cause.message : textOf(cause);
  }

  /** Writes at most one line of a kind in a while; the message is only made then. */
  #logNowAndThen(kind: string, level: 'warn' | 'error', message: () => string): void {
    const now = performance.now();
    const last = this.#lines.get(kind);
    if (last && now - last.writtenAt < logEveryMs) {
      last.heldBack++;
      return;
    }
    this.#lines.set(kind, { writtenAt: now, heldBack: 0 });
    const more = last?.heldBack ? ` (${last.heldBack} similar messages suppressed)` : '';
    this.#write(level, message() + more);
  }

  #write(level: keyof Logger, message: string): void {
    try {
      const written: unknown = this.#options.logger[level](`[successeve] ${printable(message)}`);
      if (isPromiseLike(written)) written.then(undefined, () => {});
    } catch {
      // A logger that throws has nowhere to say so.
    }
  }
}

/** The error for a callback that threw. Its message may be personal, so it is only in the cause. */
export function callbackFailed(name: string, cause: unknown): TrackingError {
  const kind = isError(cause) ? cause.name : typeof cause;
  return new TrackingError('callback_failed', `${name} failed with ${kind}${whereTheCauseIs}`, { cause });
}

/** A fault of this library; or, with `strict`, an invalid event that was found after the call. */
function internalError(cause: unknown): TrackingError {
  if (cause instanceof TrackingError) return cause;
  const message = 'a fault of @successeve/core, please report it; its error is the cause';
  return new TrackingError('internal', message, { cause });
}

/** How a developer gets to see what the message leaves out. */
const whereTheCauseIs =
  '; for its message see error.cause, or set debug with a local API such as successeve dev';

function withCause(message: string, cause: string | undefined): string {
  return message.replace(whereTheCauseIs, cause ? `: ${cause}` : '');
}

function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return describe(thrown);
  }
}

/** The name of an event, where it is one: anything else may be personal. */
function nameOf(kind: EventKind, { eventUid }: DroppedEvent): string {
  return kind === 'event' && typeof eventUid === 'string' && isSnakeCase(eventUid) ? eventUid : '';
}

/** Such as `1 contact, 3 events`. */
function inWords(events: readonly QueuedEvent[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of events) counts.set(wireKind(kind), (counts.get(wireKind(kind)) ?? 0) + 1);
  return [...counts].map(([noun, count]) => `${count} ${noun}${count === 1 ? '' : 's'}`).join(', ');
}

/** Makes what came from a request harmless: no line of its own in the log, no command to the terminal. */
function printable(message: string): string {
  return message.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
