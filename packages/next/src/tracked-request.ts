import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { NodeExchange, originOf, pathOf } from '@successeve/core/adapter';

/** A request as your functions see it: as it arrived, before Next changed it. */
export interface TrackedRequest {
  readonly headers: Headers;
  /** The cookies that came with it, decoded as Next's own `cookies()` are. */
  readonly cookies: ReadonlyMap<string, string>;
  /** The requested URL or, of a navigation inside the browser, its destination. */
  readonly url: URL;
}

/** Reads a request lazily. */
export class ArrivedRequest implements TrackedRequest {
  readonly #req: IncomingMessage;
  #target: string;
  #headers: Headers | undefined;
  #cookies: Map<string, string> | undefined;
  #url: URL | undefined;

  constructor(req: IncomingMessage, target: string) {
    this.#req = req;
    this.#target = target;
  }

  /** Shows the page that the request reports, from now on. */
  show(page: string): void {
    this.#target = page;
    this.#url = undefined;
  }

  get headers(): Headers {
    // Next removes headers from `headers` and adds its own, and leaves `rawHeaders` as they came.
    this.#headers ??= new Headers([...pairsOf(this.#req.rawHeaders)]);
    return this.#headers;
  }

  get cookies(): ReadonlyMap<string, string> {
    this.#cookies ??= parseCookies(this.#req.rawHeaders);
    return this.#cookies;
  }

  get url(): URL {
    this.#url ??= new URL((this.#origin() ?? 'http://localhost') + (pathOf(this.#target) ?? '/'));
    return this.#url;
  }

  #origin(): string | undefined {
    return originFrom((name) => this.headers.get(name), this.#req.socket);
  }
}

/** A request as Node received it, and its response. */
export class ArrivedExchange extends NodeExchange<TrackedRequest> {
  constructor(req: IncomingMessage, res: ServerResponse, target: string) {
    super(new ArrivedRequest(req, target), req, res, target);
  }

  /** Next has the body, and hands it to the relay. */
  override body(): undefined {}

  show(page: string): void {
    (this.request as ArrivedRequest).show(page);
  }

  /** The public origin as Next itself sees it: it believes `X-Forwarded-Host` and `X-Forwarded-Proto`. */
  origin(): string | undefined {
    return originFrom((name) => this.header(name), this.raw.socket);
  }
}

function originFrom(header: (name: string) => string | null | undefined, socket: Socket): string | undefined {
  const first = (name: string): string | undefined => header(name)?.split(',', 1)[0]?.trim() || undefined;
  const isEncrypted = (socket as Partial<TLSSocket>).encrypted === true;
  const protocol = first('x-forwarded-proto') ?? (isEncrypted ? 'https' : 'http');
  return originOf(protocol, first('x-forwarded-host') ?? header('host') ?? undefined);
}

function* pairsOf(rawHeaders: readonly string[]): Generator<[string, string]> {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    yield [rawHeaders[index] as string, rawHeaders[index + 1] as string];
  }
}

/**
 * As Next reads them: of two with the same name the last counts, and one that cannot be decoded is left out. Not from
 * `Headers`, which cost more than all the rest.
 */
function parseCookies(rawHeaders: readonly string[]): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const [name, header] of pairsOf(rawHeaders)) {
    if (name.toLowerCase() !== 'cookie') continue;
    for (const pair of header.split(';')) {
      const equals = pair.indexOf('=');
      if (equals < 1) continue;
      try {
        cookies.set(pair.slice(0, equals).trim(), decodeURIComponent(pair.slice(equals + 1).trim()));
      } catch {
        // Not one of the application's: Next would not show it either.
      }
    }
  }
  return cookies;
}
