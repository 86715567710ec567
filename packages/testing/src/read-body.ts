import type { IncomingMessage } from 'node:http';

/** A body as text, and whether it went on beyond what may be sent. */
export interface ReadBody {
  readonly text: string;
  readonly isTooLarge: boolean;
}

/** Calls `listener` when a body is complete, and never for one that the client gave up. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  listener: (body: ReadBody) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    const room = maxBytes - bytes;
    // The rest is read as well: the client only listens when it has sent everything.
    if (room > 0) chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    bytes += chunk.length;
  });
  request.on('end', () => {
    listener({ text: Buffer.concat(chunks).toString(), isTooLarge: bytes > maxBytes });
  });
}
