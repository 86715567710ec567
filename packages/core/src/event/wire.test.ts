import { scale } from '@successeve/test-scale';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeApi, startFakeApi } from '../../test/fake-api.js';
import { connect } from '../../test/recording-tracker.js';

describe('an update as it is sent', () => {
  let api: FakeApi;

  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(() => api.close());

  const received = (): unknown[] => api.requests.map(({ path, body }) => [path, JSON.parse(body)]);
  const churn = {
    mrr: 0,
    churnDate: new Date('2026-11-23T10:00:00.000Z'),
    churnMrr: 99,
    churnReason: 'too_expensive',
    churnComment: 'They said so.',
  };
  const wireChurn = {
    mrr: 0,
    churn_date: '2026-11-23T10:00:00.000Z',
    churn_mrr: 99,
    churn_reason: 'too_expensive',
    churn_comment: 'They said so.',
  };

  it("is the vendor's reference, and nothing more", async () => {
    const tracker = connect({ apiToken: api.token, apiUrl: api.url });
    const own = {
      plan: 'gold',
      signedUpAt: new Date(0),
      'utm-source': null,
      tags: ['a'],
      nothing: undefined,
    };
    tracker.contact(123456, { email: 'ada@example.com', name: 'Ada', accountUid: 78910, ...churn, ...own });
    tracker.account(78910n, { name: 'Acme', domain: 'acme.example', ...churn, accountUid: 'own' });
    tracker.contact('jane@example.com', {});
    await tracker.flush();
    expect(api.requests.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined]);
    expect(received()).toEqual(
      expect.arrayContaining([
        [
          '/v1/contact',
          {
            contact_uid: '123456',
            params: {
              email: 'ada@example.com',
              name: 'Ada',
              account_uid: '78910',
              ...wireChurn,
              plan: 'gold',
              signedUpAt: '1970-01-01T00:00:00.000Z',
              'utm-source': null,
              tags: ['a'],
            },
          },
        ],
        [
          '/v1/account',
          {
            account_uid: '78910',
            params: { name: 'Acme', domain: 'acme.example', ...wireChurn, accountUid: 'own' },
          },
        ],
        ['/v1/contact', { contact_uid: 'jane@example.com', params: {} }],
      ]),
    );
  });

  it('is in a batch with events, each by its method', async () => {
    const tracker = connect({ apiToken: api.token, apiUrl: api.url, batch: true });
    tracker.pageview({ contactUid: 1, visitUrl: 'https://example.com/' });
    tracker.event('signed_in', { contactUid: 1 });
    tracker.contact(1, { name: 'Ada' });
    tracker.account(2, { name: 'Acme' });
    await tracker.flush();
    const created_at = expect.stringMatching(/^\d{4}-/);
    expect(received()).toEqual([
      [
        '/v1/batch',
        [
          { method: 'account', account_uid: '2', params: { name: 'Acme' }, created_at },
          { method: 'contact', contact_uid: '1', params: { name: 'Ada' }, created_at },
          { method: 'event', contact_uid: '1', event_uid: 'signed_in', created_at },
          { method: 'event', contact_uid: '1', event_uid: 'pageview', params: expect.anything(), created_at },
        ],
      ],
    ]);
  });

  it('goes below the prefix, with the token, where events go', async () => {
    const tracker = connect({ apiToken: api.token, apiUrl: api.url, auth: 'query' });
    tracker.account(2, { name: 'Acme' });
    await tracker.flush();
    expect(api.requests).toMatchObject([
      { path: '/v1/account', query: `api_token=${api.token}`, status: 200 },
    ]);
  });

  const rounds = scale(20, 100);
  it(`is one request for each of 10 000 contacts that are updated ${rounds} times each`, {
    timeout: 120_000,
  }, async () => {
    const tracker = connect({ apiToken: api.token, apiUrl: api.url });
    const signedUpAt = new Date(0);
    for (let round = 0; round < rounds; round++) {
      for (let uid = 0; uid < 10_000; uid++) {
        const [name, plan] = [`Contact ${uid}`, 'gold'];
        tracker.contact(uid, round % 2 ? { name, plan, signedUpAt } : { plan, signedUpAt, name });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await tracker.flush({ timeoutMs: 60_000 });
    expect(api.requests).toHaveLength(10_000);
    expect(tracker.stats()).toMatchObject({
      accepted: 10_000,
      delivered: 10_000,
      updates: { unchanged: 10_000 * (rounds - 1), superseded: 0 },
    });
  });
});
