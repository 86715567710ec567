import { describe, expect, it } from 'vitest';
import { setUp } from '../../test/recording-tracker.js';
import { readQueuedEvent } from '../queue.js';

describe('params', () => {
  it('take dates, objects with toJSON, class instances and undefined members', async () => {
    class Plan {
      name = 'pro';
    }
    const { tracker, bodies } = setUp();
    tracker.event('x', {
      contactUid: 'a',
      params: { at: new Date(0), plan: new Plan(), none: undefined, bare: Object.create(null) },
    });
    expect(await bodies()).toMatchObject([
      { params: { at: '1970-01-01T00:00:00.000Z', plan: { name: 'pro' }, bare: {} } },
    ]);
  });

  it('cannot pollute a prototype', async () => {
    const { tracker, queued } = setUp();
    const params = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    tracker.event('x', { contactUid: 'a', params });
    await tracker.flush();
    queued.map(readQueuedEvent);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('just under 32 KiB are taken', async () => {
    const { tracker, bodies } = setUp();
    tracker.event('x', { contactUid: 'a', params: { text: 'x'.repeat(32_700) } });
    expect(await bodies()).toHaveLength(1);
  });
});

describe('params with a toJSON', () => {
  class User {
    readonly name = 'Ada';
    readonly passwordHash = 's3cret';
    toJSON(): object {
      return { name: this.name };
    }
  }

  it('are written by it everywhere, also next to other params', async () => {
    const { tracker, bodies } = setUp();
    tracker.event('x', { contactUid: 'a', params: new User() as never });
    tracker.event('x', { contactUid: 'a', accountUid: 'acme', params: new User() as never });
    tracker.pageview({ contactUid: 'a', visitUrl: 'https://example.com/', params: new User() as never });
    tracker.contact('a', new User() as never);
    const written = await bodies();
    expect(written).toHaveLength(4);
    for (const { params } of written) expect(params).toMatchObject({ name: 'Ada' });
    expect(JSON.stringify(written)).not.toContain('s3cret');
  });

  it.each([new Date(0), { toJSON: () => [1] }, { toJSON: () => 'text' }])(
    'that returns something other than an object are rejected: %j',
    (params) => {
      const { tracker, onDrop } = setUp();
      tracker.event('x', { contactUid: 'a', params: params as never });
      tracker.contact('a', params as never);
      expect(onDrop).toHaveBeenCalledTimes(2);
      for (const [, , { message }] of onDrop.mock.calls)
        expect(message).toMatch(/^params: expected an object/);
    },
  );
});

it('a few objects that stand for millions of values are rejected before they are serialised', () => {
  let params: object = {};
  for (let depth = 0; depth < 28; depth++) params = { a: params, b: params };
  const { tracker, onDrop } = setUp();
  tracker.event('x', { contactUid: 'a', params: params as never });
  expect(onDrop.mock.calls[0]?.[2].message).toMatch(/^params\.a.*: expected at most 20000 values, got more/);
});
