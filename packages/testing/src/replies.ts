import { validateHeaderName, validateHeaderValue } from 'node:http';
import { checkBoolean, checkNames, checkRange } from './check-option.js';
import { describeValue } from './describe-value.js';
import type { ReceivedRequest } from './received.js';

const longestTimerMs = 2 ** 31 - 1;

/** A scripted answer in full; what it leaves out is as the contract would have it. */
export interface ScriptedReply {
  /**
   * The status, 200 to 599. A 2xx accepts the events of a well-formed request, anything else none.
   * @defaultValue what the contract answers
   */
  readonly status?: number;
  /** Headers in addition to the usual ones, or instead of one with the same name. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The body, as it is sent.
   * @defaultValue plausible JSON for the status
   */
  readonly body?: string;
  /**
   * Milliseconds until the request is answered, which is also when its events are accepted; not at
   * all if the client has gone.
   * @defaultValue 0
   */
  readonly delayMs?: number;
  /** Never answers. With a 2xx `status` the events are accepted nevertheless, as when an answer is lost. */
  readonly hang?: true;
  /** Destroys the socket instead of answering; `status` means the same as with `hang`. */
  readonly reset?: true;
}

const replyNames = [
  'status',
  'headers',
  'body',
  'delayMs',
  'hang',
  'reset',
] satisfies (keyof ScriptedReply)[];

/**
 * One scripted answer:
 * - a status with a plausible JSON body, though `200` is "as the contract has it";
 * - `'hang'`, which never answers, or `'reset'`, which destroys the socket;
 * - an answer in full;
 * - a function of the request, asked when it has come; undefined is "as the contract has it".
 */
export type Reply =
  | number
  | 'hang'
  | 'reset'
  | ScriptedReply
  | ((request: ReceivedRequest) => Reply | undefined);

/**
 * A script: answers for the requests to come, one each, in order, and the contract when they are used
 * up; or one function that is asked for every request, for good.
 */
export type Replies = readonly Reply[] | ((request: ReceivedRequest) => Reply | undefined);

/** Where a script has got to. */
export class Script {
  readonly #replies: Replies;
  #next = 0;

  constructor(replies: Replies) {
    if (typeof replies !== 'function' && !Array.isArray(replies)) {
      throw new TypeError(`replies: expected an array or a function, got ${describeValue(replies)}`);
    }
    // Checked here, so that a mistake fails the test that made it, and not a later request.
    if (typeof replies !== 'function')
      replies.forEach((reply, index) => void inFull(reply, `replies[${index}]`));
    this.#replies = replies;
  }

  /** The answer to the next request, or undefined where the contract answers. */
  next(request: ReceivedRequest): ScriptedReply | undefined {
    let reply: Reply | undefined =
      typeof this.#replies === 'function' ? this.#replies : this.#replies[this.#next++];
    while (typeof reply === 'function') reply = reply(request);
    return inFull(reply, 'the reply of a function');
  }
}

function inFull(reply: Reply | undefined, where: string): ScriptedReply | undefined {
  if (reply === undefined || reply === 200 || typeof reply === 'function') return undefined;
  if (reply === 'hang') return { hang: true };
  if (reply === 'reset') return { reset: true };
  const full: ScriptedReply = typeof reply === 'number' ? { status: reply } : reply;
  if (typeof full !== 'object' || full === null) {
    throw new TypeError(
      `${where}: expected a status, 'hang', 'reset' or an object, got ${describeValue(reply)}`,
    );
  }
  checkNames(where, full, replyNames);
  for (const [name, value] of Object.entries(full.headers ?? {})) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  if (full.body !== undefined && typeof full.body !== 'string') {
    throw new TypeError(`${where}.body: expected a string, got ${describeValue(full.body)}`);
  }
  checkRange(`${where}.status`, full.status, 200, 599);
  checkRange(`${where}.delayMs`, full.delayMs, 0, longestTimerMs);
  checkBoolean(`${where}.hang`, full.hang);
  checkBoolean(`${where}.reset`, full.reset);
  return full;
}
