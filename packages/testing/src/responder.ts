import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkBody, parseBody } from './check-body.js';
import { createTokenCheck, shownToken, type TokenCheck } from './credentials.js';
import { hideToken } from './describe-value.js';
import { plausibleBody } from './plausible-body.js';
import type { RateLimiter, RateLimitState } from './rate-limit.js';
import { type ReadBody, readBody } from './read-body.js';
import type { ReceivedEvent, ReceivedMessage, ReceivedRequest } from './received.js';
import type { Rejection } from './rejection.js';
import { type Replies, Script, type ScriptedReply } from './replies.js';
import { checkRoute, findRoute } from './routes.js';

/** What became of a request. */
export interface SettledRequest {
  /** With its `status` and its `problem`, as they will stay. */
  readonly request: ReceivedRequest;
  /** Whether what it brought was accepted. */
  readonly isAccepted: boolean;
  /** Whether a script decided that, and not the contract. A delay does only where the client left before its end. */
  readonly isScripted: boolean;
  /** What it brought, in the order of the body, accepted or not. */
  readonly messages: readonly ReceivedMessage[];
  /** What it sent as its token, right or wrong: to be masked where the request is shown. */
  readonly shownToken: string | undefined;
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

/** The parts of a fake API that its responder needs. */
export interface ResponderOptions {
  readonly token: string | undefined;
  readonly batch: boolean;
  readonly rateLimit: RateLimiter | undefined;
  readonly script: Script;
  readonly onArrival: (request: ReceivedRequest) => void;
}

/** What is wrong with a request by the contract, before the rate limit is applied. */
interface Findings {
  readonly misrouted: Rejection | undefined;
  readonly unauthorized: Rejection | undefined;
  readonly malformed: Rejection | undefined;
}

/** A request on its way to its answer. */
interface Exchange extends Findings {
  readonly request: { -readonly [Key in keyof ReceivedRequest]: ReceivedRequest[Key] };
  readonly response: ServerResponse;
  readonly messages: readonly ReceivedMessage[];
  readonly onSettled: ((settled: SettledRequest) => void) | undefined;
}

/** Answers requests: by the script first, then by the token, the rate limit and the body. */
export class Responder implements FakeApiHandler {
  readonly #token: string | undefined;
  readonly #batch: boolean;
  readonly #rateLimit: RateLimiter | undefined;
  readonly #onArrival: (request: ReceivedRequest) => void;
  readonly #checkToken: TokenCheck;
  #script: Script;

  constructor({ token, batch, rateLimit, script, onArrival }: ResponderOptions) {
    this.#token = token;
    this.#batch = batch;
    this.#rateLimit = rateLimit;
    this.#script = script;
    this.#onArrival = onArrival;
    this.#checkToken = createTokenCheck(token);
  }

  get rateLimit(): RateLimitState | undefined {
    return this.#rateLimit?.state();
  }

  reply(replies: Replies): void {
    this.#script = new Script(replies);
  }

  problemOfToken({ url = '', headers }: IncomingMessage): string | undefined {
    return this.#checkToken(headers, splitTarget(url)[1], 'basic or query')?.message;
  }

  handle(
    incoming: IncomingMessage,
    response: ServerResponse,
    onSettled?: (settled: SettledRequest) => void,
  ): void {
    const [path, query] = splitTarget(incoming.url ?? '');
    readBody(incoming, findRoute(path).maxBodyBytes, (body) => {
      // A tracker with `debug` asks here for `successeve dev`; that is not a request to the API.
      if (path === '/dev/reports') return response.writeHead(404).end();
      const exchange: Exchange = { ...this.#examine(incoming, path, query, body), response, onSettled };
      this.#onArrival(exchange.request);
      this.#answer(exchange, this.#nextReply(exchange) ?? {});
    });
  }

  #examine(
    { method = '', headers }: IncomingMessage,
    path: string,
    query: string,
    body: ReadBody,
  ): Omit<Exchange, 'response' | 'onSettled'> {
    const route = findRoute(path);
    const parsed = parseBody(body);
    const misrouted = checkRoute(method, path, this.#batch);
    const unauthorized = misrouted ? undefined : this.#checkToken(headers, query, route.auth);
    const malformed = misrouted ? undefined : checkBody(route, headers['content-type'], body, parsed);
    const messages = route.messagesIn(parsed);
    const request: ReceivedRequest = {
      receivedAt: Date.now(),
      method,
      path,
      query,
      headers,
      body: body.text,
      events: messages.filter(({ kind }) => kind === 'event').map(asEvent),
      status: undefined,
      problem: this.#problem(misrouted ?? unauthorized ?? malformed),
    };
    return { request, messages, misrouted, unauthorized, malformed };
  }

  #nextReply({ request }: Exchange): ScriptedReply | undefined {
    try {
      return this.#script.next(request);
    } catch (error) {
      // An exception would end the process. The request and its response report it instead.
      request.problem = `The scripted reply is at fault: ${String(error)}`;
      return { status: 500, body: plausibleBody(500, request.problem) };
    }
  }

  #answer(exchange: Exchange, reply: ScriptedReply): void {
    if (reply.delayMs === undefined) {
      this.#settle(exchange, reply);
      return;
    }
    const giveUp = (): void => {
      clearTimeout(timer);
      this.#report(exchange, false, true);
    };
    const timer = setTimeout(() => {
      exchange.response.off('close', giveUp);
      this.#settle(exchange, reply);
    }, reply.delayMs);
    exchange.response.once('close', giveUp);
  }

  #settle(exchange: Exchange, reply: ScriptedReply): void {
    const { request, response, misrouted, malformed } = exchange;
    const isLost = reply.hang === true || reply.reset === true;
    const isScripted = reply.status !== undefined || isLost;
    const rejection = isScripted ? undefined : this.#judge(exchange);
    const status = reply.status ?? (isLost ? undefined : (rejection?.status ?? 200));
    if (rejection !== undefined) request.problem = this.#problem(rejection);
    if (!isLost) request.status = status;
    this.#report(exchange, isSuccess(status) && !misrouted && !malformed, isScripted);

    if (reply.reset) response.socket?.resetAndDestroy();
    else if (!reply.hang && status !== undefined) {
      const body = reply.body ?? plausibleBody(status, rejection && request.problem);
      this.#send(response, status, { ...rejection?.headers, ...reply.headers }, body);
    }
  }

  #report({ request, messages, onSettled }: Exchange, isAccepted: boolean, isScripted: boolean): void {
    onSettled?.({
      request,
      isAccepted,
      isScripted,
      messages,
      shownToken: shownToken(request.headers, request.query),
    });
  }

  #problem(rejection: Rejection | undefined): string | undefined {
    if (rejection === undefined || this.#token === undefined) return rejection?.message;
    return hideToken(rejection.message, this.#token);
  }

  /** What the contract answers; a request counts against the rate limit once it has shown the token. */
  #judge({ misrouted, unauthorized, malformed }: Findings): Rejection | undefined {
    const rejection = misrouted ?? unauthorized;
    if (rejection !== undefined) return rejection;
    return this.#rateLimit === undefined || this.#rateLimit.take() ? malformed : this.#rateLimit.rejection();
  }

  // Headers are set one by one: Node takes a name in any case for the same, so a later one wins.
  #send(
    response: ServerResponse,
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): void {
    response.statusCode = status;
    response.setHeader('Content-Type', 'application/json');
    for (const all of [this.#rateLimit?.headers(), headers]) {
      for (const name in all) response.setHeader(name, all[name] ?? '');
    }
    response.end(body);
  }
}

// A rejected event has the same type, though it may not fit.
function asEvent({ fields }: ReceivedMessage): ReceivedEvent {
  return fields as unknown as ReceivedEvent;
}

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

function splitTarget(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}
