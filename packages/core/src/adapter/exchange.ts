import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request and its response, as a framework shows them. */
export interface Exchange<Request> {
  /** What the customer's callbacks are given. */
  readonly request: Request;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** The request target before any router rewrote it: `originalUrl`. */
  readonly target: string;
  /** The site's origin under the framework's rules for proxies; `undefined` where it cannot be told. */
  origin(): string | undefined;
  /**
   * The page was shown without asking the server for it, and `target` names it; `req` and `res` are those of the
   * browser's report.
   */
  readonly isReport?: boolean;
}
