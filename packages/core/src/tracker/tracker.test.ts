import { describe, expect, it } from 'vitest';
import { setUp } from '../../test/recording-tracker.js';

it('the functions of a tracker work on their own', async () => {
  const { tracker, bodies } = setUp();
  const { event, pageview, contact, account, flush, stats, persisted, close } = tracker;
  event('x', { contactUid: 'a' });
  pageview({ contactUid: 'a', visitUrl: 'https://example.com/' });
  contact('a', { email: 'a@example.com' });
  account('b', { name: 'Acme' });
  await flush(null as never);
  await persisted();
  expect(await bodies()).toHaveLength(4);
  expect(stats()).toMatchObject({ accepted: 4, delivered: 4 });
  expect(await close(null as never)).toEqual({ delivered: 0, pending: 0 });
});

describe('a tracker that is not enabled', () => {
  it('needs no token, does nothing, and counts nothing', async () => {
    const { tracker, bodies } = setUp({ enabled: false });
    tracker.event('x', { contactUid: 'a' });
    tracker.event('Not Valid', undefined as never);
    expect(await bodies()).toEqual([]);
    expect(tracker.stats()).toMatchObject({ accepted: 0, dropped: { invalid: 0 } });
    expect(await tracker.close()).toEqual({ delivered: 0, pending: 0 });
  });
});
