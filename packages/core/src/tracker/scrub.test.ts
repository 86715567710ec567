import { describe, expect, it, vi } from 'vitest';
import { setUp } from '../../test/recording-tracker.js';
import type { TrackedEvent } from '../event/event.js';

describe('beforeSend', () => {
  it.each([
    ['forgets to return the event', () => undefined, /got undefined/],
    ['is asynchronous', async (event: unknown) => event, /got a promise/],
    ['rejects', () => Promise.reject(new Error('scrubber broke')), /got a promise/],
    ['returns something else', () => ({}), /got Object/],
  ])('that %s drops the event, and onError says what was expected', async (_, beforeSend, message) => {
    const onError = vi.fn();
    const { tracker, onDrop, bodies } = setUp({ onError, beforeSend: beforeSend as never });
    tracker.event('x', { contactUid: 'a' });
    expect(onError.mock.calls[0]?.[0]).toMatchObject({
      code: 'callback_failed',
      message: expect.stringMatching(/^beforeSend: expected the event, or null to drop it, got /),
    });
    expect(onError.mock.calls[0]?.[0].message).toMatch(message);
    expect(onDrop.mock.calls[0]?.[1]).toBe('before_send');
    expect(await bodies()).toEqual([]);
    expect(tracker.stats()).toMatchObject({ accepted: 1, dropped: { before_send: 1, invalid: 0 } });
  });

  it('scrubs an event before it is serialised', async () => {
    const { tracker, bodies } = setUp({
      beforeSend: (event) => ({ ...event, params: { ...event.params, email: '[cut]' } }),
    });
    tracker.event('x', { contactUid: 'a', params: { email: 'jane@example.com' } });
    expect(await bodies()).toMatchObject([{ params: { email: '[cut]' } }]);
  });

  it('drops an event by returning null, which is accounted for', () => {
    const { tracker, onDrop } = setUp({ beforeSend: () => null });
    tracker.event('x', { contactUid: 'a' });
    expect(onDrop.mock.calls[0]?.slice(0, 2)).toMatchObject([{ contactUid: 'a' }, 'before_send']);
    expect(tracker.stats()).toMatchObject({ accepted: 1, dropped: { before_send: 1 } });
  });

  it('that throws drops the event, since it may hold what was to be scrubbed, and calls onError', async () => {
    const onError = vi.fn();
    const { tracker, bodies, onDrop } = setUp({
      onError,
      beforeSend: () => {
        throw new Error('scrubber broke');
      },
    });
    expect(() => tracker.event('x', { contactUid: 'a' })).not.toThrow();
    expect(await bodies()).toEqual([]);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({
      code: 'callback_failed',
      cause: new Error('scrubber broke'),
    });
    expect(onDrop.mock.calls[0]?.[1]).toBe('before_send');
  });

  it('that sets both ids on every event leaves an update the one that names its subject', async () => {
    const { tracker, bodies } = setUp({
      beforeSend: (event) => ({ ...event, contactUid: 'hashed', accountUid: 'hashed' }) as TrackedEvent,
    });
    tracker.contact('a', { email: 'ada@example.com' });
    tracker.account('acme', { plan: 'pro' });
    const sent = await bodies();
    expect(sent).toContainEqual({ contact_uid: 'hashed', params: { email: 'ada@example.com' } });
    expect(sent).toContainEqual({ account_uid: 'hashed', params: { plan: 'pro' } });
  });

  it('that returns an invalid event has it dropped as invalid', () => {
    const { tracker, onDrop } = setUp({
      beforeSend: (event) => (event.kind === 'event' ? { ...event, contactUid: '' } : event),
    });
    tracker.event('x', { contactUid: 'a' });
    expect(onDrop.mock.calls[0]?.[1]).toBe('invalid');
  });
});
