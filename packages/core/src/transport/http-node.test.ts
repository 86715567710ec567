import { describe, expect, it, vi } from 'vitest';
import { describeHttpTransport } from '../../test/http-transport.js';
import { closeInTheEnd, fakeApi, serve } from '../../test/servers.js';
import { createTracker } from '../index.js';
import { createHttpClient } from './http-node.js';

describeHttpTransport('node:http', createHttpClient);

describe('connections of node:http', () => {
  it('keeps connections alive and opens at most 16, also while the API hangs', async () => {
    const api = await fakeApi();
    const tracker = createTracker({
      apiToken: api.token,
      apiUrl: api.url,
      flushOnExit: false,
      onDrop() {},
      onError() {},
    });
    for (let i = 0; i < 1000; i++) tracker.event('x', { contactUid: i });
    await tracker.flush();
    expect(api.sockets.total).toBeLessThanOrEqual(16);
    api.reply(() => 'hang');
    for (let i = 0; i < 1000; i++) tracker.event('x', { contactUid: i });
    await expect.poll(() => tracker.stats().inFlight).toBe(16);
    expect(api.sockets.most).toBeLessThanOrEqual(16);
    await tracker.close({ timeoutMs: 0 });
    await expect.poll(() => api.sockets.open).toBe(0);
  });

  it('does not lose a beat when the API closed an idle connection', async () => {
    const { url } = await serve((_, count) => (count === 2 ? 'reset' : 200));
    const onError = vi.fn();
    const tracker = createTracker({ apiToken: 't', apiUrl: url, flushOnExit: false, onError });
    closeInTheEnd(tracker);
    tracker.event('x', { contactUid: 'a' });
    await tracker.flush();
    tracker.event('x', { contactUid: 'b' });
    expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
    expect(onError).not.toHaveBeenCalled();
  });

  it('counts an event as delivered once the API answered 200, also where the rest of the answer fails', async () => {
    const { url } = await serve((_, count) => (count === 1 ? 'cut' : 200));
    const tracker = createTracker({ apiToken: 't', apiUrl: url, flushOnExit: false });
    closeInTheEnd(tracker);
    tracker.event('x', { contactUid: 'a' });
    expect(await tracker.flush()).toEqual({ delivered: 1, pending: 0 });
    expect(tracker.stats()).toMatchObject({ retries: 0, lastError: null });
  });
});
