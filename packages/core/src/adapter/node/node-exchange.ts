import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EndedResponse, Exchange, ResponseHead } from '../exchange.js';
import { addServerTiming } from './server-timing.js';

/** An exchange over Node's own request and response. It reads them when it is asked, and copies nothing. */
export abstract class NodeExchange<Request> implements Exchange<Request> {
  readonly request: Request;
  readonly raw: IncomingMessage;
  readonly target: string;
  readonly #res: ServerResponse;
  /** What the connection had sent before. */
  readonly #bytesBefore: number;

  constructor(request: Request, raw: IncomingMessage, res: ServerResponse, target: string) {
    this.request = request;
    this.raw = raw;
    this.target = target;
    this.#res = res;
    this.#bytesBefore = res.socket?.bytesWritten ?? 0;
  }

  abstract origin(): string | undefined;

  get method(): string {
    return this.raw.method ?? '';
  }

  header(name: string): string | undefined {
    const value = this.raw.headers[name];
    return typeof value === 'object' ? value.join(', ') : value;
  }

  hasBegunBody(): boolean {
    const { socket, headersSent } = this.#res;
    const head = writtenHead(this.#res);
    // Over HTTP/2 the connection carries other responses too.
    if (head === undefined || !socket) return headersSent;
    return headersSent && socket.bytesWritten - this.#bytesBefore > head.length;
  }

  onEnd(listener: (response: EndedResponse) => void): void {
    onResponseEnd(this.#res, (isComplete) => listener(endedResponse(this.#res, isComplete)));
  }

  addServerTiming(entryOf: (head: ResponseHead) => string | undefined): void {
    addServerTiming(this.#res, entryOf);
  }

  get connection(): object {
    return this.raw.socket;
  }

  body(): AsyncIterable<Uint8Array | string> | undefined {
    return this.raw.readableDidRead ? undefined : this.raw;
  }
}

/** What the rules read of one of Node's responses that has ended. */
export function endedResponse(res: ServerResponse, isComplete: boolean): EndedResponse {
  return {
    isComplete,
    isHeadSent: res.headersSent,
    status: res.statusCode,
    // `getHeader` knows only what was set by name; headers given to `writeHead` are in the written head alone.
    header(name) {
      const named = res.getHeader(name);
      if (named !== undefined) return String(named);
      const head = writtenHead(res);
      return head && inWrittenHead[name].exec(head)?.[1];
    },
  };
}

/** The head as it was written; `undefined` before that, and over HTTP/2, where it has no text. */
function writtenHead(res: ServerResponse): string | undefined {
  const { _header: head } = res as { _header?: unknown };
  return typeof head === 'string' ? head : undefined;
}

const inWrittenHead = {
  'content-type': /^content-type:(.*)$/im,
  'content-disposition': /^content-disposition:(.*)$/im,
  'critical-ch': /^critical-ch:(.*)$/im,
  'accept-ch': /^accept-ch:(.*)$/im,
};

/** Calls `listener` once, when the response has ended; `isComplete` is false for one that was abandoned. */
function onResponseEnd(res: ServerResponse, listener: (isComplete: boolean) => void): void {
  let hasEnded = false;
  const end = (isComplete: boolean): void => {
    if (!hasEnded) listener(isComplete);
    hasEnded = true;
  };
  // Not `once`: it wraps the listener, and removes it, for every request.
  // Over HTTP/2, a response that was never ended counts as finished too, once the visitor has left.
  if (isConnected(res)) {
    const { socket } = res;
    return void res.on('close', () =>
      end(res.writableEnded && res.writableFinished && !isBroken(res, socket)),
    );
  }
  res.on('finish', () => end(true));
  // Closing may be part of finishing.
  res.on('close', () => queueMicrotask(() => end(false)));
}

/**
 * Whether the connection broke. Node 20 takes a response for finished when its visitor resets the connection in the
 * middle of it. Over HTTP/2 the connection is not this response's own.
 */
function isBroken(res: ServerResponse, socket: ServerResponse['socket']): boolean {
  return writtenHead(res) !== undefined && socket?.errored != null;
}

/**
 * False for the responses of serverless functions and injected requests: in place of a connection they have a stream
 * that can only be written to, which may never close, or not know that it is finished.
 */
function isConnected({ socket }: ServerResponse): boolean {
  return !socket || 'readable' in socket;
}
