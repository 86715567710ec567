import { describe, expect, it, vi } from 'vitest';
import type { Suite } from '../suite.js';

export function promiseSetContact<Request>({ open }: Suite<Request>): void {
  describe('req.track.identify', () => {
    it('sets the contact, from here on and for events that still wait', async () => {
      const identify = vi.fn(() => null);
      const site = await open({
        tracking: { identify },
        application: {
          async act(track) {
            track.event('sign_in_started');
            track.identify({ contactUid: 'grace', accountUid: 'navy' });
            track.event('sign_in_done');
          },
        },
      });

      await site.send({ method: 'POST', path: '/act' });
      await site.get('/act');
      await site.flush();

      expect(
        site.api.events.map(({ event_uid, contact_uid, params }) => [
          event_uid,
          contact_uid,
          params?.account_uid,
        ]),
      ).toEqual([
        ['sign_in_started', 'grace', 'navy'],
        ['sign_in_done', 'grace', 'navy'],
        ['sign_in_started', 'grace', 'navy'],
        ['sign_in_done', 'grace', 'navy'],
        ['pageview', 'grace', 'navy'],
      ]);
      expect(site.drops).toEqual([]);
    });

    it('wins over what identify knows', async () => {
      const site = await open({
        application: {
          async act(track) {
            track.event('impersonation_started');
            track.identify({ contactUid: 'grace' });
          },
        },
      });

      await site.get('/act');
      await site.flush();

      expect(site.api.events).toMatchObject([
        { event_uid: 'impersonation_started', contact_uid: 'ada' },
        { event_uid: 'pageview', contact_uid: 'grace' },
      ]);
    });

    it.each([
      ['null', null, 'null'],
      ['nothing', undefined, 'undefined'],
      ['a string', 'grace', 'a string of 5 characters'],
      ['no id', {}, 'an object without keys'],
      ['an empty id', { contactUid: '' }, 'contactUid: an empty string'],
      ['an object for an id', { contactUid: {} }, 'contactUid: Object'],
    ])('ignores %s, and onError says what was expected, and what came', async (_, wrong, got) => {
      const site = await open({ application: { act: async (track) => track.identify(wrong as never) } });

      const answer = await site.get('/act');
      await site.flush();

      expect(answer.status).toBe(200);
      expect(site.errors).toMatchObject([
        { code: 'invalid', message: expect.stringMatching(new RegExp(`^identify: expected .* got ${got}$`)) },
      ]);
      expect(site.api.pageviews).toMatchObject([{ contact_uid: 'ada' }]);
    });
  });
}
