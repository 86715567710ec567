import { describe, expect, it, vi } from 'vitest';
import { createTracker } from '../../tracker/tracker.js';
import { trackWebRequests } from './track-web-requests.js';
import { WebExchange, type WebPlatform } from './web-exchange.js';
import { webReports } from './web-reports.js';

const navigation = {
  'sec-fetch-dest': 'document',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0',
};
const html = { 'content-type': 'text/html' };

function open(platform?: WebPlatform) {
  const send = vi.fn(async () => ({ status: 'delivered' }) as const);
  const tracker = createTracker({ transport: { send }, flushOnExit: false });
  const track = trackWebRequests<Request>(tracker, {
    identify: () => ({ contactUid: 'ada' }),
    browser: true,
  });
  webReports();
  return {
    tracker,
    visit: (respond: () => Response | Promise<Response>, init: RequestInit & { path?: string } = {}) => {
      const request = new Request(`https://app.example.com${init.path ?? '/page'}`, {
        headers: navigation,
        ...init,
      });
      return track(new WebExchange(request, request, platform), respond);
    },
  };
}

describe('a response', () => {
  it('is the same object, with one more header', async () => {
    const { visit, tracker } = open();
    const response = new Response('a page', { headers: html });

    expect(await visit(() => response)).toBe(response);
    expect(response.headers.get('server-timing')).toMatch(/^seen;desc=\d+$/);
    expect(tracker.stats().pageviews.recorded).toBe(1);
  });

  it('is the same object without one more header where it is not a page', async () => {
    const { visit } = open();
    const response = Response.json({});

    expect(await visit(() => response)).toBe(response);
    expect(response.headers.has('server-timing')).toBe(false);
  });

  it('keeps its body and its other headers where they cannot be changed', async () => {
    const { visit } = open();
    const fetched = await fetch('data:text/html,a%20page');

    const response = await visit(() => fetched);

    expect(() => fetched.headers.set('x-a', 'b')).toThrow(TypeError);
    expect(response.headers.get('server-timing')).toMatch(/^seen/);
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(await response.text()).toBe('a page');
  });

  it('is a stream that is not read', async () => {
    const { visit, tracker } = open();
    const pull = vi.fn();
    const stream = new ReadableStream({ pull }, { highWaterMark: 0 });

    const response = await visit(() => new Response(stream, { headers: html }));

    expect(response.body).toBe(stream);
    expect(pull).not.toHaveBeenCalled();
    expect(tracker.stats().pageviews.recorded).toBe(1);
  });

  it('may be one without a body (304)', async () => {
    const { visit, tracker } = open();

    await visit(() => new Response('a page', { headers: html }));
    const fresh = await visit(() => new Response(null, { status: 304 }));

    expect(fresh.status).toBe(304);
    expect(tracker.stats().pageviews.recorded).toBe(2);
  });

  it('does not count where the visitor has already left', async () => {
    const { visit, tracker } = open();
    const visitor = new AbortController();

    await visit(
      () => {
        visitor.abort();
        return new Response('a page', { headers: html });
      },
      { signal: visitor.signal },
    );

    expect(tracker.stats().pageviews.skipped.aborted).toBe(1);
  });

  it('is the failure of the application itself', async () => {
    const { visit, tracker } = open();
    const failure = new Error('the handler failed');

    await expect(visit(() => Promise.reject(failure))).rejects.toBe(failure);

    expect(tracker.stats().pageviews.skipped.status).toBe(1);
  });

  it('is the script’s, in place of the application', async () => {
    const { visit } = open();
    const respond = vi.fn();

    const response = await visit(respond, { path: '/seen.js' });

    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(respond).not.toHaveBeenCalled();
  });
});

describe('a platform that ends with its requests', () => {
  it('is kept until everything is delivered', async () => {
    const waitUntil = vi.fn<(promise: Promise<unknown>) => void>();
    const { visit, tracker } = open({ waitUntil });

    await visit(() => new Response('a page', { headers: html }));
    expect(tracker.stats().delivered).toBe(0);
    expect(waitUntil).toHaveBeenCalledTimes(1);
    await waitUntil.mock.calls[0]?.[0];

    expect(tracker.stats().delivered).toBe(1);
  });

  it('is not kept for a request that records nothing', async () => {
    const waitUntil = vi.fn();
    const { visit } = open({ waitUntil });

    await visit(() => Response.json({}));

    expect(waitUntil).not.toHaveBeenCalled();
  });
});
