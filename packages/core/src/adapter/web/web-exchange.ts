import type { IncomingMessage, ServerResponse } from 'node:http';
import { underlyingExchange } from '#node-server';
import type { EndedResponse, Exchange, ResponseHead } from '../exchange.js';
import type { UnderlyingExchange } from '../node/underlying-exchange.js';
import { originOf } from '../url/visit-url.js';

/** What a platform has besides the web's own `Request`. */
export interface WebPlatform {
  /**
   * One object for each request that outlives copies of the `Request`, such as the framework's context.
   * @defaultValue Node's request where there is one, else the `Request`
   */
  readonly raw?: object | undefined;
  /** Keeps the process until a promise has settled, where it may end with its request. */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
  /** Node's own request and response, where the server is one of `node:http`. They know how a response ended. */
  readonly node?: { readonly req: IncomingMessage; readonly res: ServerResponse } | undefined;
}

/**
 * An exchange over the web's own `Request` and `Response`. Without Node below, it ends when the application hands over
 * its response: whether the last byte reached the visitor is not known.
 */
export class WebExchange<Request> implements Exchange<Request> {
  readonly request: Request;
  readonly raw: object;
  readonly waitUntil: WebPlatform['waitUntil'];
  readonly webRequest: globalThis.Request;
  readonly #node: UnderlyingExchange | undefined;
  #onEnd: ((response: EndedResponse) => void) | undefined;
  #entryOf: ((head: ResponseHead) => string | undefined) | undefined;

  constructor(
    request: Request,
    webRequest: globalThis.Request,
    { node, raw = node?.req ?? webRequest, waitUntil }: WebPlatform = {},
  ) {
    this.request = request;
    this.webRequest = webRequest;
    this.raw = raw;
    this.waitUntil = waitUntil;
    this.#node = node && underlyingExchange(node.req, node.res);
  }

  get hidesNode(): boolean {
    return this.#node === undefined;
  }

  get method(): string {
    return this.webRequest.method;
  }

  get target(): string {
    const { url } = this.webRequest;
    return url.slice(url.indexOf('/', url.indexOf('://') + 3));
  }

  header(name: string): string | undefined {
    return this.webRequest.headers.get(name) ?? undefined;
  }

  origin(): string | undefined {
    if (this.#node?.isHostDoubtful) return this.#node.origin();
    const [protocol = '', , host] = this.webRequest.url.split('/', 3);
    return originOf(protocol.slice(0, -1), host);
  }

  /** The servers of the web's requests have no setting for proxies. */
  proxyHint(): string {
    return 'give the request its public URL before the framework sees it';
  }

  /** The request, where connections are not known. */
  get connection(): object {
    return this.#node?.connection ?? this.raw;
  }

  hasBegunBody(): boolean {
    return this.#node?.hasBegunBody() ?? false;
  }

  body(): AsyncIterable<Uint8Array | string> | undefined {
    if (this.#node) return this.#node.body();
    const { bodyUsed, body } = this.webRequest;
    return bodyUsed ? undefined : ((body as AsyncIterable<Uint8Array> | null) ?? emptyBody());
  }

  onEnd(listener: (response: EndedResponse) => void): void {
    if (this.#node) this.#node.onEnd(listener);
    else this.#onEnd = listener;
  }

  addServerTiming(entryOf: (head: ResponseHead) => string | undefined): void {
    if (this.#node) this.#node.addServerTiming(entryOf);
    else this.#entryOf = entryOf;
  }

  /**
   * Takes the application's response.
   *
   * @returns the response to send: the same, or one with the same body and one more header.
   */
  respond(response: Response): Response {
    if (!this.#onEnd) return response;
    const ended = endedResponse(response, !hasLeft(this.webRequest));
    const entry = this.#entryOf?.(ended);
    this.#onEnd(ended);
    return entry === undefined ? response : withServerTiming(response, entry);
  }

  /** The application has failed, and the server responds in its place. */
  fail(): void {
    this.#onEnd?.(failed);
  }
}

function endedResponse(response: Response, isComplete: boolean): EndedResponse {
  return {
    isComplete,
    // A visitor who has left by now was sent nothing.
    isHeadSent: isComplete,
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
  };
}

const failed: EndedResponse = { isComplete: true, isHeadSent: true, status: 500, header: () => undefined };

/** The headers of a response that was fetched cannot be changed; its copy has the same body. */
function withServerTiming(response: Response, entry: string): Response {
  const add = (changeable: Response): Response => {
    changeable.headers.append('server-timing', entry);
    return changeable;
  };
  try {
    return add(response);
  } catch {
    return response.bodyUsed ? response : add(new Response(response.body, response));
  }
}

/** Whether the visitor has left. Deno warns where its signal is read. */
function hasLeft(request: Request): boolean {
  return !('Deno' in globalThis) && request.signal?.aborted === true;
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
