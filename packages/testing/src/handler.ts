import { checkBoolean, checkNames } from './check-option.js';
import { RateLimiter, type RateLimitOptions } from './rate-limit.js';
import type { ReceivedRequest } from './received.js';
import { type Replies, Script } from './replies.js';
import { type FakeApiHandler, Responder } from './responder.js';

export type { RateLimitOptions, RateLimitState } from './rate-limit.js';
export type { ReceivedEvent, ReceivedEventParams, ReceivedMessage, ReceivedRequest } from './received.js';
export type { Replies, Reply, ScriptedReply } from './replies.js';
export type { FakeApiHandler, SettledRequest } from './responder.js';

/** What may be set on a fake API's handler; everything has a default. */
export interface FakeApiHandlerOptions {
  /**
   * The one right API token. It may hold no colon, since HTTP Basic ends a user name there.
   * @defaultValue none: any token is right, as long as there is one
   */
  readonly token?: string | undefined;
  /**
   * The most requests in a window of time. With it, every answer carries `X-RateLimit-Limit`,
   * `X-RateLimit-Remaining` and `X-RateLimit-Reset`; one request too many is answered 429 with those
   * and `Retry-After`, and does not count. The names are the vendor's reference, the rest our choice.
   * @defaultValue none
   */
  readonly rateLimit?: RateLimitOptions | undefined;
  /**
   * Answers for the next requests, in order; when they are used up, the contract answers.
   * @defaultValue none: the contract answers
   */
  readonly replies?: Replies;
  /**
   * Whether there is a `/v1/batch`, which the vendor's own clients use and the API contract does not
   * name. `false` answers 404 there.
   * @defaultValue true
   */
  readonly batch?: boolean;
  /** Called with every request when its body is complete, before its answer is known. */
  readonly onArrival?: (request: ReceivedRequest) => void;
}

const optionNames = [
  'token',
  'rateLimit',
  'replies',
  'batch',
  'onArrival',
] satisfies (keyof FakeApiHandlerOptions)[];

/**
 * Creates the handler of a Tracking API.
 * @throws TypeError or RangeError if an option is wrong
 */
export function createFakeApiHandler(options: FakeApiHandlerOptions = {}): FakeApiHandler {
  const { token, rateLimit, replies = [], batch = true, onArrival = () => {} } = options;
  checkNames('createFakeApiHandler', options, optionNames);
  if (token !== undefined) checkTokenOption(token);
  checkBoolean('batch', batch);
  return new Responder({
    token,
    batch,
    rateLimit: rateLimit && new RateLimiter(rateLimit),
    script: new Script(replies),
    onArrival,
  });
}

function checkTokenOption(token: string): void {
  if (typeof token !== 'string' || token === '' || token.includes(':')) {
    throw new TypeError('token: expected a non-empty string without a colon');
  }
}
