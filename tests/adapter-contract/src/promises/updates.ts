import { describe, expect, it } from 'vitest';
import type { Suite } from '../suite.js';

export function promiseUpdates<Request>({ open }: Suite<Request>): void {
  describe('req.track.contact and req.track.account', () => {
    it("send what is known about the request's contact, and about the account it belongs to", async () => {
      const site = await open({
        application: {
          async act(track) {
            track.contact({ email: 'ada@example.com', name: 'Ada', plan: 'gold' });
            track.account({ name: 'Acme', domain: 'acme.example', mrr: 999 });
          },
        },
      });

      await site.send({ method: 'POST', path: '/act' });
      await site.flush();

      expect(site.api.contacts).toEqual([
        {
          contact_uid: 'ada',
          params: { account_uid: 'org-of-ada', email: 'ada@example.com', name: 'Ada', plan: 'gold' },
        },
      ]);
      expect(site.api.accounts).toEqual([
        { account_uid: 'org-of-ada', params: { name: 'Acme', domain: 'acme.example', mrr: 999 } },
      ]);
      expect(site.api.requests.map(({ path }) => path).sort()).toEqual(['/v1/account', '/v1/contact']);
    });

    it('go before what the contact did', async () => {
      const site = await open({
        tracker: { batch: true },
        application: {
          async act(track) {
            track.event('signed_in');
            track.contact({ name: 'Ada' });
            track.account({ name: 'Acme' });
          },
        },
      });

      await site.get('/act');
      await site.flush();

      const messages: { method: string }[] = site.api.requests.flatMap(({ body }) => JSON.parse(body));
      expect(messages.map(({ method }) => method)).toEqual(['account', 'contact', 'event', 'event']);
    });

    it('are sent once for all requests in which they say the same', async () => {
      const site = await open({
        application: {
          async act(track) {
            track.contact({ name: 'Ada' });
            track.account({ name: 'Acme' });
          },
        },
      });

      for (let i = 0; i < 5; i++) await site.get('/act');
      await site.get('/act', { 'x-user': 'grace' });
      await site.flush();

      expect(site.api.contacts.map(({ contact_uid }) => contact_uid).sort()).toEqual(['ada', 'grace']);
      expect(site.api.accounts.map(({ account_uid }) => account_uid).sort()).toEqual([
        'org-of-ada',
        'org-of-grace',
      ]);
      expect(site.api.pageviews).toHaveLength(6);
      expect(site.tracker.stats().updates).toEqual({ unchanged: 8, superseded: 0 });
    });

    it('wait for a contact who is known later, and are as they were at the call', async () => {
      const site = await open({
        application: {
          async act(track) {
            const params = { list: ['before'] };
            track.contact(params);
            track.account(params);
            params.list.push('after');
            track.identify({ contactUid: 7, accountUid: 8 });
          },
        },
      });

      await site.send({ method: 'POST', path: '/act', headers: { 'x-user': undefined } });
      await site.flush();

      expect(site.api.contacts).toEqual([
        { contact_uid: '7', params: { account_uid: '8', list: ['before'] } },
      ]);
      expect(site.api.accounts).toEqual([{ account_uid: '8', params: { list: ['before'] } }]);
    });

    it('let an account that is named with the contact win over the one that it came with', async () => {
      const site = await open({
        application: { act: async (track) => track.contact({ accountUid: 8 }) },
      });

      await site.send({ method: 'POST', path: '/act' });
      await site.flush();

      expect(site.api.contacts).toEqual([{ contact_uid: 'ada', params: { account_uid: '8' } }]);
    });

    it('are dropped where no contact is known, no account, or consent is missing', async () => {
      const act = async (track: { contact(params: object): void; account(params: object): void }) => {
        track.contact({ name: 'Ada' });
        track.account({ name: 'Acme' });
      };
      const [unknown, alone, withoutConsent] = await Promise.all([
        open({ tracking: { identify: () => null }, application: { act } }),
        open({ tracking: { identify: () => ({ contactUid: 'ada' }) }, application: { act } }),
        open({ tracking: { consent: () => false }, application: { act } }),
      ]);

      for (const site of [unknown, alone, withoutConsent]) {
        await site.send({ method: 'POST', path: '/act' });
        await site.flush();
      }

      const dropped = (kind: string, reason: string): object => ({ event: { kind }, reason });
      expect(unknown.drops).toMatchObject([
        dropped('contact', 'no_contact'),
        dropped('account', 'no_contact'),
      ]);
      expect(alone.drops).toMatchObject([
        { ...dropped('account', 'no_contact'), message: 'identify returned no accountUid' },
      ]);
      expect(alone.api.contacts).toEqual([{ contact_uid: 'ada', params: { name: 'Ada' } }]);
      expect(withoutConsent.drops).toMatchObject([
        dropped('contact', 'consent'),
        dropped('account', 'consent'),
      ]);
    });

    it.each([
      ['no object', 'Ada'],
      ['nothing', undefined],
      ['what is not JSON', { seats: 3n }],
      ['a name that is none', { name: 7 }],
      ['a getter that throws', throwsWhenRead()],
    ])('with %s are invalid: onDrop says what was expected, and nothing throws', async (_, params) => {
      const site = await open({
        application: {
          async act(track) {
            track.contact(params as never);
            track.account(params as never);
          },
        },
      });

      // Once where the contact is known, and once where the update has to wait for it.
      const answers = [await site.get('/act'), await site.get('/act', { 'x-user': undefined })];
      await site.flush();

      expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
      const invalid = { reason: 'invalid', message: expect.stringContaining('expected') };
      expect(site.drops).toMatchObject([invalid, invalid, invalid, invalid]);
    });
  });
}

function throwsWhenRead(): object {
  return {
    get name() {
      throw new Error('read');
    },
  };
}
