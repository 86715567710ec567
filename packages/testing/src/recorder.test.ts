import { describe, expect, it, vi } from 'vitest';
import { createRecorder } from './recorder.js';

describe('a recorder', () => {
  it('remembers events and pageviews as soon as the call returns', () => {
    const recorder = createRecorder();
    recorder.event('user_registration', { contactUid: 7, accountUid: 8, params: { plan: 'pro' } });
    recorder.pageview({ contactUid: 7, visitUrl: 'https://example.com/' });
    expect(recorder.events).toMatchObject([
      {
        kind: 'event',
        eventUid: 'user_registration',
        contactUid: '7',
        accountUid: '8',
        params: { plan: 'pro' },
      },
      { kind: 'pageview', eventUid: 'pageview', visitUrl: 'https://example.com/' },
    ]);
    expect(recorder.pageviews).toEqual([recorder.events[1]]);
  });

  it('keeps updates of contacts and accounts that change something separate from events', () => {
    const recorder = createRecorder();
    for (let i = 0; i < 3; i++) {
      recorder.contact(7, { email: 'ada@example.com', accountUid: 8 });
      recorder.account(8, { name: 'Acme' });
    }
    recorder.contact(7, { email: 'grace@example.com' });
    expect(recorder.contacts).toMatchObject([
      { contactUid: '7', params: { email: 'ada@example.com', accountUid: '8' } },
      { contactUid: '7', params: { email: 'grace@example.com' } },
    ]);
    expect(recorder.accounts).toMatchObject([{ accountUid: '8', params: { name: 'Acme' } }]);
    expect(recorder.events).toEqual([]);
    recorder.clear();
    expect([recorder.contacts, recorder.accounts]).toEqual([[], []]);
    recorder.account(8, { name: 'Acme' });
    expect(recorder.accounts).toHaveLength(1);
  });

  it('forgets on demand, in the same arrays', () => {
    const recorder = createRecorder();
    const { events } = recorder;
    recorder.event('x', { contactUid: 7 });
    recorder.clear();
    expect(events).toEqual([]);
    recorder.event('y', { contactUid: 7 });
    expect(events).toHaveLength(1);
  });

  it('throws for an invalid event at the call, unless strict is false', () => {
    expect(() => createRecorder().event('Not Valid', { contactUid: 7 })).toThrow(/snake_case/);
    const onDrop = vi.fn();
    createRecorder({ strict: false, onDrop }).event('Not Valid', { contactUid: 7 });
    expect(onDrop).toHaveBeenCalledTimes(1);
  });

  it('is a tracker like any other: it counts, flushes and closes', async () => {
    const recorder = createRecorder();
    recorder.event('x', { contactUid: 7 });
    expect(await recorder.flush()).toEqual({ delivered: 1, pending: 0 });
    expect(recorder.stats()).toMatchObject({ accepted: 1, delivered: 1 });
    expect(await recorder.close()).toEqual({ delivered: 0, pending: 0 });
  });

  it('needs no token', () => {
    vi.stubEnv('SUCCESSEVE_API_TOKEN', undefined);
    expect(() => createRecorder()).not.toThrow();
    vi.unstubAllEnvs();
  });
});
