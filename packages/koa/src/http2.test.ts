import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type ClientHttp2Stream, connect, constants, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { createRecorder, type Recorder } from '@successeve/testing';
import { bigPage, page } from '@successeve/testing/adapter-contract';
import type { Context, Middleware } from 'koa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { majors } from './majors.js';
import { tracking } from './tracking.js';

const navigation = { 'sec-fetch-dest': 'document', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };

describe.each(majors)('%s over HTTP/2', (_, Koa) => {
  /** A server, and a client that has opened `/page?tab=2` on it. */
  async function visit(handler: Middleware, headers: object = {}): Promise<Visit> {
    const tracker = createRecorder();
    const app = new Koa();
    app.silent = true;
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    app.use(tracking(tracker, { identify: () => ({ contactUid: 'ada' }) }));
    app.use((ctx, next) => {
      // After ours, so that tracking is done.
      ctx.res.once('close', end);
      return next();
    });
    const server = createServer(app.use(handler).callback()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const session = connect(url);
    onTestFinished(async () => {
      session.destroy();
      await tracker.close();
      await new Promise((resolve) => server.close(resolve));
    });
    const stream = session.request({ ':path': '/page?tab=2', ...navigation, ...headers });
    stream.on('error', () => {});
    return { url, tracker, stream, ended };
  }

  it.each<[string, Middleware]>([
    ['text', answer(() => ({ body: page }))],
    ['a stream', answer(() => ({ type: 'html', body: new PassThrough().end(page) }))],
    ['large', answer(() => ({ body: bigPage }))],
    ['not modified', answer(() => ({ status: 304 }))],
    ['written by the handler', writeHead('text/html', (res) => res.end(page))],
  ])('a page that was sent completely is a pageview: it is %s', async (_, handler) => {
    const { url, tracker, stream, ended } = await visit(handler);

    stream.resume();
    await ended;
    await tracker.flush();

    expect(tracker.pageviews).toMatchObject([{ contactUid: 'ada', visitUrl: `${url}/page?tab=2` }]);
  });

  it.each<[string, string, Middleware]>([
    ['JSON', 'not_html', answer(() => ({ body: {} }))],
    ['a style sheet', 'not_html', writeHead('text/css', (res) => res.end())],
    ['not found', 'status', answer(() => ({}))],
  ])('another answer is none: %s', async (_, reason, handler) => {
    const { tracker, stream, ended } = await visit(handler);

    stream.resume();
    await ended;
    await tracker.flush();

    expect(skipped(tracker)).toEqual({ [reason]: 1 });
  });

  it.each<[string, Middleware]>([
    ['it is large', answer(() => ({ body: bigPage }))],
    ['its stream pauses', answer(() => ({ type: 'html', body: pausing() }))],
    ['its head alone was sent', writeHead('text/html', (res) => res.flushHeaders())],
  ])('a page that the visitor leaves is none: %s', async (_, handler) => {
    const { tracker, stream, ended } = await visit(handler);

    await once(stream, 'response');
    stream.close(constants.NGHTTP2_CANCEL);
    await ended;
    await tracker.flush();

    expect(skipped(tracker)).toEqual({ aborted: 1 });
  });

  it('a page that the visitor leaves before it is answered is none', async () => {
    let leave = (): void => {};
    const { tracker, stream, ended } = await visit(async (ctx) => {
      ctx.status = 200;
      leave();
      await once(ctx.res, 'close');
    });
    leave = () => stream.close(constants.NGHTTP2_CANCEL);

    await ended;
    await tracker.flush();

    expect(skipped(tracker)).toEqual({ aborted: 1 });
  });

  it('the URL has the host that the client names as its authority', async () => {
    const { tracker, stream, ended } = await visit(
      answer(() => ({ body: page })),
      { ':authority': 'app.example.com:8443' },
    );

    stream.resume();
    await ended;
    await tracker.flush();

    expect(tracker.pageviews).toMatchObject([{ visitUrl: 'http://app.example.com:8443/page?tab=2' }]);
  });
});

interface Visit {
  readonly url: string;
  readonly tracker: Recorder;
  readonly stream: ClientHttp2Stream;
  /** The server is done with the request. */
  readonly ended: Promise<void>;
}

/** Answers as a handler usually does: with what it sets on the context, in that order. */
function answer(make: () => Pick<Partial<Context>, 'body' | 'status' | 'type'>): Middleware {
  return (ctx) => {
    Object.assign(ctx, make());
  };
}

/** Answers past Koa. */
function writeHead(type: string, goOn: (res: ServerResponse) => unknown): Middleware {
  return (ctx) => {
    ctx.respond = false;
    ctx.res.writeHead(200, { 'Content-Type': type });
    goOn(ctx.res);
  };
}

function pausing(): PassThrough {
  const body = new PassThrough();
  body.write(page);
  return body;
}

function skipped(tracker: Recorder): Record<string, number> {
  expect(tracker.pageviews).toEqual([]);
  const reasons = Object.entries(tracker.stats().pageviews.skipped);
  return Object.fromEntries(reasons.filter(([, count]) => count > 0));
}
