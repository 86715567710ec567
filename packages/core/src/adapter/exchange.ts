/**
 * One request and its response, as the kit reads them. An adapter says how its framework shows them, and decides
 * nothing. Over `node:http`, extend {@link NodeExchange}.
 */
export interface Exchange<Request> {
  /** What the application's callbacks are given. */
  readonly request: Request;
  /** One object for each request, by which a second mount recognises it: Node's `IncomingMessage`, or a `Request`. */
  readonly raw: object;
  readonly method: string;
  /** The request target before any router rewrote it: `originalUrl`. */
  readonly target: string;
  /** A header of the request as text, by its name in small letters. */
  header(name: string): string | undefined;
  /** The site's origin by the framework's rules for proxies; `undefined` where it is not known. */
  origin(): string | undefined;
  /**
   * How an application of this framework trusts its proxy, such as `app.proxy = true`; `undefined` where it does. Read
   * where a proxy says how the site was reached, for a warning.
   */
  proxyHint?(): string | undefined;
  /** Whether a part of the response's body was sent while the response goes on; left out where that is not known. */
  hasBegunBody?(): boolean;
  /** Calls `listener` once, when the response has ended, complete or abandoned. */
  onEnd(listener: (response: EndedResponse) => void): void;
  /** Adds an entry to the response's `Server-Timing`, once its status and headers are known. */
  addServerTiming(entryOf: (head: ResponseHead) => string | undefined): void;
  /** Called where the request reports a page: what the application's callbacks are given may show that page then. */
  show?(page: string): void;
  /** Where the process may end with its request: keeps it until a promise has settled. */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
  /** Whether a server of Node's may have taken the request, which is not shown here. */
  readonly hidesNode?: boolean;
  /** The connection that the request came over, or another object that stands for its client. */
  readonly connection: object;
  /** The body of the request; `undefined` where it was read already. */
  body(): AsyncIterable<Uint8Array | string> | undefined;
}

/** What the rules read of a request. */
export type RequestHead = Pick<Exchange<unknown>, 'method' | 'header'>;

/** What the rules read of a response. */
export interface ResponseHead {
  readonly status: number;
  header(name: ReadResponseHeader): string | undefined;
}

/** The headers of a response that the rules read. */
export type ReadResponseHeader = 'content-type' | 'content-disposition' | 'critical-ch' | 'accept-ch';

/** How a response ended. */
export interface EndedResponse extends ResponseHead {
  /** Whether it was sent to its last byte. True where that cannot be known. */
  readonly isComplete: boolean;
  /** False where it was abandoned before its head was sent; the status is then a default. */
  readonly isHeadSent: boolean;
}
