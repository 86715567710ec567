import { checkNames } from './check-option.js';
import { describeValue } from './describe-value.js';
import type { Rejection } from './rejection.js';

/** A fixed window, which starts with the first request that counts. */
export interface RateLimitOptions {
  /** Requests in one window, 1 or more. The vendor's reference says 900. */
  readonly limit: number;
  /** Length of a window in milliseconds. The vendor's reference says 300 000. */
  readonly windowMs: number;
  /**
   * How `X-RateLimit-Reset` says when the window ends: `seconds` from now, or the Unix time in
   * seconds. The vendor's reference leaves it open.
   * @defaultValue `'epoch'`, our choice
   */
  readonly reset?: 'seconds' | 'epoch';
}

/** What is left of a window. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly windowMs: number;
  /** When the window ends, in epoch milliseconds; null where none is open, for the next request begins one. */
  readonly resetsAt: number | null;
}

/** Counts the requests of one token; times are read from `Date`, so that faked time moves it. */
export class RateLimiter {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #reset: 'seconds' | 'epoch';
  #used = 0;
  #endsAt = 0;

  constructor(options: RateLimitOptions) {
    const { limit, windowMs, reset = 'epoch' } = options;
    checkNames('rateLimit', options, ['limit', 'windowMs', 'reset'] satisfies (keyof RateLimitOptions)[]);
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`rateLimit.limit: expected a whole number from 1, got ${describeValue(limit)}`);
    }
    if (!(windowMs > 0 && Number.isFinite(windowMs))) {
      throw new RangeError(
        `rateLimit.windowMs: expected milliseconds above 0, got ${describeValue(windowMs)}`,
      );
    }
    if (reset !== 'epoch' && reset !== 'seconds') {
      throw new TypeError(`rateLimit.reset: expected 'epoch' or 'seconds', got ${describeValue(reset)}`);
    }
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#reset = reset;
  }

  /** Counts one request; false, and nothing counted, when the window is used up. */
  take(): boolean {
    const now = Date.now();
    if (now >= this.#endsAt) {
      this.#used = 0;
      this.#endsAt = now + this.#windowMs;
    }
    if (this.#used >= this.#limit) return false;
    this.#used += 1;
    return true;
  }

  state(): RateLimitState {
    const isOpen = Date.now() < this.#endsAt;
    return {
      limit: this.#limit,
      remaining: isOpen ? this.#limit - this.#used : this.#limit,
      windowMs: this.#windowMs,
      resetsAt: isOpen ? this.#endsAt : null,
    };
  }

  /** What the vendor's reference puts on a 429, and this API on every answer. */
  headers(): Record<string, string> {
    const now = Date.now();
    const { remaining, resetsAt } = this.state();
    // Before the first request of a window, it would start now.
    const endsAt = resetsAt ?? now + this.#windowMs;
    const resetMs = this.#reset === 'epoch' ? endsAt : endsAt - now;
    return {
      'X-RateLimit-Limit': String(this.#limit),
      'X-RateLimit-Remaining': String(remaining),
      // Rounded up, so that a client that waits until then is not too early.
      'X-RateLimit-Reset': String(Math.ceil(resetMs / 1000)),
    };
  }

  /** The response to a request when the window is used up. */
  rejection(): Rejection {
    // The window may end between the count and this.
    const seconds = Math.max(1, Math.ceil((this.#endsAt - Date.now()) / 1000));
    return {
      status: 429,
      message: `Too many requests: expected at most ${this.#limit} in ${this.#windowMs / 1000} s, got one more; try again in ${seconds} s`,
      headers: { 'Retry-After': String(seconds) },
    };
  }
}
