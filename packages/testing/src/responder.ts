import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkBody, parseBody } from './check-body.js';
import { createTokenCheck, type TokenCheck } from './credentials.js';
import { hideToken } from './describe-value.js';
import type { Inbox } from './inbox.js';
import { plausibleBody } from './plausible-body.js';
import type { RateLimit } from './rate-limit.js';
import { type ReadBody, readBody } from './read-body.js';
import type { ReceivedRequest } from './received.js';
import type { Refusal } from './refusal.js';
import type { Script, ScriptedReply } from './replies.js';
import { checkRoute, findRoute } from './routes.js';

/** What a responder needs of the fake API that it answers for. */
export interface ResponderOptions {
  readonly token: string;
  readonly batch: boolean;
  readonly rateLimit: RateLimit | undefined;
  readonly inbox: Inbox;
  readonly script: Script;
}

/** What the contract has to say about a request before the rate limit is asked. */
interface Findings {
  readonly misrouted: Refusal | undefined;
  readonly unauthorized: Refusal | undefined;
  readonly malformed: Refusal | undefined;
}

/** A request on its way to its answer. */
interface Exchange extends Findings {
  readonly request: { -readonly [Key in keyof ReceivedRequest]: ReceivedRequest[Key] };
  readonly response: ServerResponse;
}

/** Answers requests: by the script first, then by the token, the rate limit and the body. */
export class Responder {
  script: Script;
  readonly #token: string;
  readonly #batch: boolean;
  readonly #rateLimit: RateLimit | undefined;
  readonly #inbox: Inbox;
  readonly #checkToken: TokenCheck;

  constructor({ token, batch, rateLimit, inbox, script }: ResponderOptions) {
    this.script = script;
    this.#token = token;
    this.#batch = batch;
    this.#rateLimit = rateLimit;
    this.#inbox = inbox;
    this.#checkToken = createTokenCheck(token);
  }

  /** Takes a request in and answers it. */
  handle(incoming: IncomingMessage, response: ServerResponse): void {
    const [path, query] = splitTarget(incoming.url ?? '');
    readBody(incoming, findRoute(path).maxBodyBytes, (body) => {
      // A tracker with `debug` asks here for `successeve dev`; that is no request to the API.
      if (path === '/dev/reports') return response.writeHead(404).end();
      const exchange = this.#examine(incoming, response, path, query, body);
      this.#inbox.add(exchange.request);
      this.#answer(exchange, this.#nextReply(exchange) ?? {});
    });
  }

  #examine(
    { method = '', headers }: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: string,
    body: ReadBody,
  ): Exchange {
    const route = findRoute(path);
    const parsed = parseBody(body);
    const misrouted = checkRoute(method, path, this.#batch);
    const unauthorized = misrouted ? undefined : this.#checkToken(headers, query, route.auth);
    const malformed = misrouted ? undefined : checkBody(route, headers['content-type'], body, parsed);
    const request: ReceivedRequest = {
      receivedAt: Date.now(),
      method,
      path,
      query,
      headers,
      body: body.text,
      events: route.eventsIn(parsed),
      status: undefined,
      problem: this.#problem(misrouted ?? unauthorized ?? malformed),
    };
    return { request, response, misrouted, unauthorized, malformed };
  }

  #nextReply({ request }: Exchange): ScriptedReply | undefined {
    try {
      return this.script.next(request);
    } catch (error) {
      // Thrown on, it would end the process; so it is told to whoever looks at the request or its answer.
      request.problem = `The scripted reply is at fault: ${String(error)}`;
      return { status: 500, body: plausibleBody(500, request.problem) };
    }
  }

  #answer(exchange: Exchange, reply: ScriptedReply): void {
    if (reply.delayMs === undefined) {
      this.#settle(exchange, reply);
      return;
    }
    const timer = setTimeout(() => this.#settle(exchange, reply), reply.delayMs);
    exchange.response.once('close', () => clearTimeout(timer));
  }

  #settle({ request, response, ...findings }: Exchange, reply: ScriptedReply): void {
    const isLost = reply.hang === true || reply.reset === true;
    const refusal = reply.status === undefined && !isLost ? this.#judge(findings) : undefined;
    const status = reply.status ?? (isLost ? undefined : (refusal?.status ?? 200));
    if (refusal !== undefined) request.problem = this.#problem(refusal);
    if (!isLost) request.status = status;
    if (isSuccess(status) && !findings.misrouted && !findings.malformed) this.#inbox.accept(request);

    if (reply.reset) response.socket?.resetAndDestroy();
    else if (!reply.hang && status !== undefined) {
      const body = reply.body ?? plausibleBody(status, refusal && request.problem);
      this.#send(response, status, { ...refusal?.headers, ...reply.headers }, body);
    }
  }

  #problem(refusal: Refusal | undefined): string | undefined {
    return refusal && hideToken(refusal.message, this.#token);
  }

  /** What the contract answers; a request counts against the rate limit once it has shown the token. */
  #judge({ misrouted, unauthorized, malformed }: Findings): Refusal | undefined {
    const refusal = misrouted ?? unauthorized;
    if (refusal !== undefined) return refusal;
    return this.#rateLimit === undefined || this.#rateLimit.take() ? malformed : this.#rateLimit.refusal();
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

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

function splitTarget(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}
