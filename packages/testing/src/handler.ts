import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkBoolean, checkNames } from './check-option.js';
import { RateLimit, type RateLimitOptions, type RateLimitState } from './rate-limit.js';
import type { ReceivedRequest } from './received.js';
import { type Replies, Script } from './replies.js';
import { Responder, type SettledRequest } from './responder.js';

export type { RateLimitOptions, RateLimitState } from './rate-limit.js';
export type { ReceivedEvent, ReceivedEventParams, ReceivedMessage, ReceivedRequest } from './received.js';
export type { Replies, Reply, ScriptedReply } from './replies.js';
export type { SettledRequest } from './responder.js';

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

/** A Tracking API that enforces the contract, for a server of your own. It keeps nothing of what it receives. */
export interface FakeApiHandler {
  /**
   * Takes a request in and answers it. `onSettled` is called once, when it is known what becomes of the
   * request and before the answer leaves; never for a request whose body did not come to its end.
   */
  handle(
    incoming: IncomingMessage,
    response: ServerResponse,
    onSettled?: (settled: SettledRequest) => void,
  ): void;
  /** What is wrong with the token that a request shows; undefined where nothing is. Nothing is counted. */
  problemOfToken(incoming: IncomingMessage): string | undefined;
  /**
   * Replaces what is left of the script.
   * @throws TypeError or RangeError if a reply is not one
   */
  reply(replies: Replies): void;
  /** What is left of the rate limit; undefined where there is none. */
  readonly rateLimit: RateLimitState | undefined;
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
    rateLimit: rateLimit && new RateLimit(rateLimit),
    script: new Script(replies),
    onArrival,
  });
}

function checkTokenOption(token: string): void {
  if (typeof token !== 'string' || token === '' || token.includes(':')) {
    throw new TypeError('token: expected a non-empty string without a colon');
  }
}
