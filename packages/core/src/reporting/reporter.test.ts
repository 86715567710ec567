import { channel } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../test/recording-tracker.js';
import { delivered, rejected, stubTransport, unavailable } from '../../test/stub-transport.js';
import { createTracker, memoryQueue, type TrackingError } from '../index.js';

const logger = { debug: vi.fn(), warn: vi.fn(), error: vi.fn() };

afterEach(() => {
  vi.useRealTimers();
  vi.resetAllMocks();
});

describe('the log', () => {
  it('has one line for a thousand drops of a kind, and later how many more there were', () => {
    vi.useFakeTimers();
    const tracker = createTracker({ transport: stubTransport().transport, logger, flushOnExit: false });
    for (let i = 0; i < 1000; i++) tracker.event('Not Valid', { contactUid: 'a' });
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn.mock.calls[0]?.[0]).toMatch(
      /^\[successeve\] dropped an event \(invalid\): eventUid: expected/,
    );
    vi.advanceTimersByTime(60_000);
    tracker.event('Not Valid', { contactUid: 'a' });
    expect(logger.warn.mock.calls[1]?.[0]).toContain('(999 similar messages suppressed)');
  });

  it('cannot be forged by what it repeats', () => {
    const tracker = createTracker({ transport: stubTransport().transport, logger, flushOnExit: false });
    tracker.event('x\n[successeve] all is well\u001b[2J\u202e', { contactUid: 'a' });
    const line = logger.warn.mock.calls[0]?.[0];
    expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(line).toContain('all is well');
  });

  it('has a line for each request with debug, and none without', async () => {
    const { transport } = stubTransport();
    for (const debug of [false, true]) {
      const tracker = createTracker({ transport, logger, debug, flushOnExit: false });
      tracker.event('x', { contactUid: 'a' });
      await tracker.flush();
    }
    expect(logger.debug.mock.calls).toEqual([
      [expect.stringMatching(/^\[successeve\] sent 1 event in \d+ ms: delivered$/)],
    ]);
  });

  it('names what was sent and what was dropped', async () => {
    const lines: string[] = [];
    const write = (line: string): number => lines.push(line);
    const { transport } = stubTransport((events) =>
      events.some(({ body }) => body.includes('bad')) ? rejected(422) : delivered,
    );
    const tracker = connect({
      transport,
      batch: true,
      debug: true,
      logger: { debug: write, warn: write, error: write },
      onDrop: undefined,
      onError: undefined,
    });
    tracker.contact(1, { name: 'Ada' });
    tracker.contact(2, { name: 'Grace' });
    tracker.account(3, { name: 'Acme' });
    tracker.event('signed_in', { contactUid: 1 });
    await tracker.flush();
    tracker.account(4, { name: 'bad' });
    await tracker.flush();
    expect(lines).toEqual([
      expect.stringMatching(/sent 1 account, 2 contacts, 1 event in \d+ ms: delivered$/),
      expect.stringMatching(/dropped an account \(rejected\): not accepted$/),
      expect.stringMatching(/sent 1 account in \d+ ms: rejected/),
    ]);
  });
});

it('the log names the event that was dropped, and has a line for each name that was not valid', () => {
  const tracker = createTracker({ transport: stubTransport().transport, logger, flushOnExit: false });
  tracker.event('report_exported', undefined as never);
  tracker.event('report_shared', { contactUid: '' });
  tracker.event('report_shared', { contactUid: '' });
  expect(logger.warn.mock.calls.flat()).toEqual([
    '[successeve] dropped an event, report_exported (invalid): expected an object such as { contactUid }, got undefined',
    expect.stringMatching(
      /^\[successeve\] dropped an event, report_shared \(invalid\): contactUid: expected/,
    ),
  ]);
});

describe('callbacks that cause what they are called for', () => {
  it('are not called again for it, which the log says', () => {
    const onDrop = vi.fn(() => {
      tracker.event('dropped', { contactUid: 'a' });
    });
    const onError = vi.fn(() => {
      tracker.event('Not Valid', { contactUid: 'a' });
    });
    const tracker = createTracker({
      transport: stubTransport().transport,
      queue: memoryQueue({ maxEvents: 1 }),
      beforeSend: (event) =>
        event.kind === 'event' && event.eventUid === 'scrubbed' ? (undefined as never) : event,
      logger,
      onDrop,
      onError,
      flushOnExit: false,
    });
    tracker.event('taken', { contactUid: 'a' });
    tracker.event('refused', { contactUid: 'a' });
    expect(onDrop).toHaveBeenCalledTimes(1);
    expect(tracker.stats()).toMatchObject({ accepted: 3, queued: 1, dropped: { queue_full: 2 } });
    expect(logger.warn.mock.calls.flat()).toEqual([
      '[successeve] dropped an event, dropped (queue_full): the queue is full',
    ]);
    tracker.event('scrubbed', { contactUid: 'a' });
    expect(onError).toHaveBeenCalledTimes(1);
  });
});

describe('callbacks that throw', () => {
  const broken = (): never => {
    throw new Error('callback broke');
  };

  it('never reach the caller, and are reported by the log at last', async () => {
    const { transport } = stubTransport(() => unavailable());
    const tracker = createTracker({ transport, logger, onDrop: broken, onError: broken, flushOnExit: false });
    expect(() => tracker.event('Not Valid', { contactUid: 'a' })).not.toThrow();
    tracker.event('x', { contactUid: 'a' });
    await vi.waitFor(() => expect(tracker.stats().lastError).not.toBeNull());
    expect(logger.error.mock.calls.flat().join()).toMatch(/onError failed with Error/);
    expect(logger.error.mock.calls.flat().join()).not.toMatch(/callback broke/);
    expect(logger.error.mock.calls.flat().join()).toContain(
      'onError failed with Error; for its message see error.cause, or set debug with a local API',
    );
  });

  it('asynchronously do not end the process', async () => {
    const onError = vi.fn();
    const onUnhandled = vi.fn();
    process.once('unhandledRejection', onUnhandled);
    const tracker = createTracker({
      transport: stubTransport().transport,
      onError,
      onDrop: async () => broken(),
      flushOnExit: false,
    });
    tracker.event('Not Valid', { contactUid: 'a' });
    await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1));
    expect(onUnhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', onUnhandled);
  });

  it('do not end the process where it is an asynchronous logger', async () => {
    const onUnhandled = vi.fn();
    process.once('unhandledRejection', onUnhandled);
    const warn = vi.fn(async () => broken());
    const tracker = createTracker({
      transport: stubTransport().transport,
      logger: { debug() {}, warn, error() {} },
      flushOnExit: false,
    });
    tracker.event('Not Valid', { contactUid: 'a' });
    expect(warn).toHaveBeenCalledTimes(1);
    // Unhandled rejections are reported in a separate turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(onUnhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', onUnhandled);
  });

  it('do no harm where even the logger throws', () => {
    const tracker = createTracker({
      transport: stubTransport().transport,
      logger: { debug: broken, warn: broken, error: broken },
      flushOnExit: false,
    });
    expect(() => tracker.event('Not Valid', { contactUid: 'a' })).not.toThrow();
  });
});

describe('diagnostics channels', () => {
  it('report what was delivered, what was dropped and each request', async () => {
    const messages: Record<string, unknown[]> = { delivered: [], dropped: [], request: [] };
    const unsubscribe = Object.entries(messages).map(([name, list]) => {
      const listen = (message: unknown): void => {
        list.push(message);
      };
      channel(`successeve:${name}`).subscribe(listen);
      return () => channel(`successeve:${name}`).unsubscribe(listen);
    });
    const { transport } = stubTransport(([event]) =>
      event?.body.includes('bad') ? rejected(422) : { status: 'delivered' },
    );
    const tracker = createTracker({ transport, logger, flushOnExit: false });
    tracker.event('good', { contactUid: 'a' });
    tracker.event('bad', { contactUid: 'a' });
    await tracker.flush();
    for (const stop of unsubscribe) stop();
    expect(messages.delivered).toMatchObject([{ events: [{ eventUid: 'good', contactUid: 'a' }] }]);
    expect(messages.dropped).toMatchObject([
      { event: { eventUid: 'bad' }, reason: 'rejected', error: { status: 422 } },
    ]);
    expect(messages.request).toMatchObject([
      { result: 'delivered', events: 1 },
      { result: 'rejected', httpStatus: 422, events: 1 },
    ]);
  });
});

describe('an error', () => {
  it('does not show the answer of the API where it is logged whole', async () => {
    const errors: TrackingError[] = [];
    const { transport } = stubTransport(([event]) =>
      event?.body.includes('bad') ? rejected(422) : { status: 'delivered' },
    );
    const tracker = createTracker({
      transport,
      flushOnExit: false,
      onDrop: (_, __, error) => errors.push(error),
    });
    tracker.event('good', { contactUid: 'a' });
    tracker.event('bad', { contactUid: 'a' });
    await tracker.flush();
    expect(errors[0]?.body).toBe('why');
    expect(JSON.stringify(errors[0])).not.toContain('why');
  });
});
