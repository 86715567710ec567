import { digest } from '../../queue/digests.js';
import { nodeProcess } from '../../runtime/node-process.js';
import type { RequestHead } from '../exchange.js';
import type { WebAnswer } from './web-answer.js';

/** The script in one content coding. */
interface Representation {
  readonly coding: string;
  readonly etag: string;
  readonly body: Uint8Array;
}

/**
 * Serves one script, compressed once.
 *
 * @param isShared - whether pages of other origins load it
 * @returns what answers a GET or a HEAD.
 */
export function scriptFile(text: string, isShared: boolean): (request: RequestHead) => WebAnswer {
  let representations: readonly Representation[] | undefined;
  return (request) => {
    representations ??= represent(text);
    const accepted = acceptedCodings(request.header('accept-encoding'));
    const chosen = representations.find(({ coding }) => accepted(coding)) as Representation;
    const isKnown = matches(request.header('if-none-match'), chosen.etag);
    const head = {
      'cache-control': 'public, max-age=3600',
      etag: chosen.etag,
      vary: 'Accept-Encoding',
      // Some security middleware allows the own origin only.
      ...(isShared && { 'cross-origin-resource-policy': 'cross-origin' }),
    };
    if (isKnown) return { status: 304, headers: head };
    return {
      status: 200,
      headers: {
        ...head,
        'content-type': 'text/javascript; charset=utf-8',
        'content-length': String(chosen.body.byteLength),
        'x-content-type-options': 'nosniff',
        ...(chosen.coding !== 'identity' && { 'content-encoding': chosen.coding }),
      },
      body: request.method === 'HEAD' ? undefined : chosen.body,
    };
  };
}

/** The smallest first. Where there is no Node, the platform compresses. */
function represent(text: string): readonly Representation[] {
  const bytes = new TextEncoder().encode(text);
  const name = digest(text).toString(36);
  const identity = { coding: 'identity', etag: `"${name}"`, body: bytes };
  const zlib = nodeProcess?.getBuiltinModule?.('node:zlib');
  if (!zlib) return [identity];
  return [
    { coding: 'br', etag: `"${name}-br"`, body: zlib.brotliCompressSync(bytes) },
    { coding: 'gzip', etag: `"${name}-gzip"`, body: zlib.gzipSync(bytes, { level: 9 }) },
    identity,
  ];
}

/** Reads which codings a browser accepts: `gzip, deflate, br;q=0.5, *;q=0`. The identity is always accepted. */
function acceptedCodings(header = ''): (coding: string) => boolean {
  const accepted = new Map<string, boolean>();
  for (const item of header.split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    accepted.set(name, !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)));
  }
  return (coding) => coding === 'identity' || (accepted.get(coding) ?? accepted.get('*') ?? false);
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((item) => item.trim().replace(/^W\//, '') === etag);
}
