import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ResponseHead } from '../exchange.js';
import { addServerTiming } from './server-timing.js';

/** Asks a real server whose responses have an entry, unless their status is an error. */
async function ask(listener: RequestListener): Promise<{ headers: IncomingHttpHeaders; heads: unknown[] }> {
  const heads: unknown[] = [];
  const entryOf = ({ status, header }: ResponseHead): string | undefined => {
    heads.push([status, header('content-type')]);
    return status < 400 ? 'seen;desc=1' : undefined;
  };
  const server = createServer((req, res) => {
    addServerTiming(res, entryOf);
    listener(req, res);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const asking = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).end();
  const [response] = await once(asking, 'response');
  response.resume();
  return { headers: response.headers, heads };
}

describe('a response has the entry', () => {
  it.each<[string, RequestListener, [number, string | undefined], string]>([
    ['where nothing was set', (_, res) => res.end('text'), [200, undefined], 'seen;desc=1'],
    [
      'where headers were set',
      (_, res) => res.setHeader('Content-Type', 'text/html').end('text'),
      [200, 'text/html'],
      'seen;desc=1',
    ],
    [
      'where writeHead has an object',
      (_, res) => res.writeHead(201, { 'Content-Type': 'text/html' }).end('text'),
      [201, 'text/html'],
      'seen;desc=1',
    ],
    [
      'where writeHead has a message and a list',
      (_, res) => res.writeHead(200, 'Fine', ['Content-Type', 'text/html']).end('text'),
      [200, 'text/html'],
      'seen;desc=1',
    ],
    [
      'after what was set',
      (_, res) => res.setHeader('Server-Timing', ['db;dur=1', 'app;dur=2']).end('text'),
      [200, undefined],
      'db;dur=1,app;dur=2, seen;desc=1',
    ],
    [
      'after what writeHead has in an object',
      (_, res) => res.writeHead(200, { 'server-timing': 'db;dur=1' }).end('text'),
      [200, undefined],
      'db;dur=1, seen;desc=1',
    ],
    [
      'after what writeHead has in a list',
      (_, res) => res.writeHead(200, ['SERVER-TIMING', 'db;dur=1', 'x-a', 'b']).end('text'),
      [200, undefined],
      'db;dur=1, seen;desc=1',
    ],
    [
      'where the head is flushed before the body',
      (_, res) => {
        res.flushHeaders();
        res.end('text');
      },
      [200, undefined],
      'seen;desc=1',
    ],
  ])('%s', async (_, listener, head, expected) => {
    const { headers, heads } = await ask(listener);

    expect(heads).toEqual([head]);
    expect(headers['server-timing']).toBe(expected);
  });
});

it('leaves a response that has no entry as it was', async () => {
  const { headers } = await ask((_, res) => res.writeHead(404, { 'server-timing': 'db;dur=1' }).end('text'));

  expect(headers['server-timing']).toBe('db;dur=1');
});
