import { defineEvents, type StandardSchema } from '@successeve/core';
import { describe, expect, it } from 'vitest';
import type { Suite } from '../suite.js';

export function promiseRequestTrack<Request>({ open }: Suite<Request>): void {
  it('req.track works in parts too, as in `const { event } = req.track`', async () => {
    const site = await open({
      application: {
        async act({ event, pageview, contact, account, identify, skip }) {
          identify({ contactUid: 'grace', accountUid: 'navy' });
          event('step_taken');
          contact({ displayName: 'Grace' });
          account({ displayName: 'Navy' });
          pageview({ displayName: 'Inbox' });
          skip();
        },
      },
    });

    expect(await site.get('/act')).toMatchObject({ status: 200 });
    await site.flush();

    expect(site.api.events).toMatchObject([
      { event_uid: 'step_taken', contact_uid: 'grace' },
      { event_uid: 'pageview', contact_uid: 'grace', params: { display_name: 'Inbox' } },
    ]);
    expect(site.tracker.stats().delivered).toBe(4);
  });

  describe('req.track.event', () => {
    it('sends exactly what the API contract names, for the contact of the request', async () => {
      const site = await open({
        application: {
          act: async (track) => track.event('user_registration', { displayName: 'Registration' }),
        },
      });

      const answer = await site.send({ method: 'POST', path: '/act' });
      await site.flush();

      expect(answer.status).toBe(200);
      expect(site.api.events).toEqual([
        {
          contact_uid: 'ada',
          event_uid: 'user_registration',
          params: { account_uid: 'org-of-ada', display_name: 'Registration' },
        },
      ]);
      expect(site.api.requests[0]?.path).toBe('/v1/track/event');
    });

    it('takes an account and attributes of its own', async () => {
      const details = { accountUid: 78910, params: { plan: 'gold', seats: 3 } };
      const site = await open({ application: { act: async (track) => track.event('plan_chosen', details) } });

      await site.send({ method: 'POST', path: '/act' });
      await site.flush();

      expect(site.api.events).toMatchObject([{ params: { account_uid: '78910', plan: 'gold', seats: 3 } }]);
    });

    it('records every event, in addition to the pageview', async () => {
      const site = await open({
        application: {
          async act(track) {
            for (const name of ['first_step', 'second_step', 'third_step']) track.event(name);
          },
        },
      });

      await site.get('/act');
      await site.flush();

      expect(site.api.events.map(({ event_uid }) => event_uid)).toEqual([
        'first_step',
        'second_step',
        'third_step',
        'pageview',
      ]);
    });

    it('records what a handler does that fails', async () => {
      const site = await open({
        application: {
          async authenticate(_, track) {
            track.event('import_started');
            return { id: 'ada', orgId: 'org-of-ada' };
          },
        },
      });

      await site.send({ method: 'POST', path: '/missing' });
      await site.get('/throw');
      await site.flush();

      expect(site.api.events).toMatchObject([
        { event_uid: 'import_started' },
        { event_uid: 'import_started' },
      ]);
    });

    it('goes on working after the answer', async () => {
      let later = (): void => {};
      const site = await open({
        application: {
          async act(track) {
            later = () => track.event('export_done');
          },
        },
      });

      await site.send({ method: 'POST', path: '/act' });
      await site.ended();
      later();
      await site.flush();

      expect(site.api.events).toMatchObject([{ event_uid: 'export_done', contact_uid: 'ada' }]);
    });

    it.each([
      ['a name that is not snake_case', 'User Registration', {}],
      ['no name', undefined, {}],
      ['the name of a pageview', 'pageview', {}],
      ['what is not JSON', 'plan_chosen', { params: { seats: 3n } }],
      ['a getter that throws', 'plan_chosen', throwsWhenRead('params')],
      ['an account that is an object', 'plan_chosen', { accountUid: {} }],
    ])('rejects %s: onDrop says what was expected, and nothing throws', async (_, eventUid, details) => {
      const act = async (track: { event(eventUid: never, details: never): void }): Promise<void> =>
        track.event(eventUid as never, details as never);
      const site = await open({ application: { act } });

      // Once where the contact is known, and once where the event has to wait for it.
      const answers = [await site.get('/act'), await site.get('/act', { 'x-user': undefined })];
      await site.flush();

      expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
      const invalid = { reason: 'invalid', message: expect.stringContaining('expected') };
      expect(site.drops).toMatchObject([invalid, invalid]);
      expect(site.outcome).toEqual({ recorded: 1, skipped: { no_contact: 1 } });
    });

    it('takes null for no details', async () => {
      const act = async (track: { event(eventUid: string, details: never): void }): Promise<void> =>
        track.event('step_taken', null as never);
      const site = await open({ application: { act } });

      const answers = [await site.get('/act'), await site.get('/act', { 'x-user': undefined })];
      await site.flush();

      expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
      expect(site.api.events).toMatchObject([{ event_uid: 'step_taken' }, { event_uid: 'pageview' }]);
      expect(site.drops).toMatchObject([{ reason: 'no_contact' }]);
    });

    it('holds an event against the catalogue, once, whether the contact is known at the call or later', async () => {
      // Of no library; what it makes of the params it would not take again.
      const params: StandardSchema<object> = {
        '~standard': {
          version: 1,
          vendor: 'tests',
          validate: (params) => {
            const { seats } = params as { seats: unknown };
            return typeof seats === 'string'
              ? { value: { seats: Number(seats) } }
              : { issues: [{ message: 'No.' }] };
          },
        },
      };
      const events = defineEvents({ plan_chosen: { displayName: 'Plan chosen', params } });
      const site = await open({
        tracker: { events },
        application: {
          async act(track) {
            track.event('plan_chosen', { params: { seats: '3' } });
            track.event('plan_chosen', { params: { seats: 3 } });
            track.event('plan_chosed');
            track.identify({ contactUid: 'grace' });
          },
        },
      });

      await site.send({ method: 'POST', path: '/act' });
      await site.send({ method: 'POST', path: '/act', headers: { 'x-user': undefined } });
      await site.flush();

      const sent = { event_uid: 'plan_chosen', params: { display_name: 'Plan chosen', seats: 3 } };
      expect(site.api.events).toMatchObject([
        { contact_uid: 'ada', ...sent },
        { contact_uid: 'grace', ...sent },
      ]);
      const messages = [
        'params: expected what the schema takes',
        'eventUid: expected an event of the catalogue',
      ];
      expect(site.drops).toMatchObject(
        [...messages, ...messages].map((message) => ({
          reason: 'invalid',
          message: expect.stringContaining(message),
        })),
      );
    });

    it('throws in the handler with `strict`, as a test wants it', async () => {
      const site = await open({
        tracker: { strict: true },
        application: { act: async (track) => track.event('User Registration') },
      });

      expect(await site.get('/act')).toMatchObject({ status: 500 });
    });
  });

  describe('req.track.pageview', () => {
    it('replaces the automatic pageview', async () => {
      const site = await open({
        application: {
          act: async (track) =>
            track.pageview({
              visitUrl: 'https://app.example.com/inbox',
              displayName: 'Inbox',
              params: { folder: 1 },
            }),
        },
      });

      await site.get('/act');
      await site.flush();

      expect(site.api.events).toEqual([
        {
          contact_uid: 'ada',
          event_uid: 'pageview',
          params: {
            folder: 1,
            account_uid: 'org-of-ada',
            display_name: 'Inbox',
            visit_url: 'https://app.example.com/inbox',
          },
        },
      ]);
      expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
    });

    it('has the URL of the request where it names none', async () => {
      const site = await open({
        application: { act: async (track) => track.pageview({ displayName: 'Inbox' }) },
      });

      await site.get('/act?tab=2&token=abc');
      await site.flush();

      expect(site.api.pageviews).toMatchObject([
        { params: { visit_url: `${site.url}/act?tab=2&token=`, display_name: 'Inbox' } },
      ]);
    });

    it('counts where the automatic one would not: for a POST, for a fetch', async () => {
      const site = await open({ application: { act: async (track) => track.pageview() } });

      await site.send({ method: 'POST', path: '/act' });
      await site.get('/act', { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 2, skipped: {} });
    });

    it.each([
      ['prefetch', { purpose: 'prefetch' }],
      ['bot', { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' }],
      ['no_contact', { 'x-user': undefined }],
    ])('is not a visit by what is not a visitor: %s', async (reason, headers) => {
      const site = await open({ application: { act: async (track) => track.pageview() } });

      await site.get('/act', headers);
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { [reason]: 1 } });
    });

    it('is not a visit for a HEAD, which frameworks answer by the handlers for GET', async () => {
      const site = await open({ application: { act: async (track) => track.pageview() } });

      await site.send({ method: 'HEAD', path: '/act' });
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { method: 1 } });
    });

    it('that is not valid in the end is not counted as recorded', async () => {
      const site = await open({
        tracking: { identify: () => ({ contactUid: 'ada', accountUid: {} as never }) },
      });

      await site.get();
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: {} });
      expect(site.drops).toMatchObject([{ event: { kind: 'pageview' }, reason: 'invalid' }]);
    });

    it('leaves secrets, a user and a fragment out of the URL that it is given', async () => {
      const visitUrl = 'https://ada:secret@app.example.com/inbox?token=abc&tab=2#top';
      const site = await open({ application: { act: async (track) => track.pageview({ visitUrl }) } });

      await site.get('/act');
      await site.flush();

      expect(site.visitUrls).toEqual(['https://app.example.com/inbox?token=&tab=2']);
    });

    it.each([
      ['a relative URL', { visitUrl: '/inbox' }],
      ['another scheme', { visitUrl: 'ftp://app.example.com/' }],
      ['what cannot be text', { visitUrl: Object.create(null) }],
      ['a getter that throws', throwsWhenRead('visitUrl')],
    ])(
      'rejects %s: onDrop is called, nothing throws, and the automatic pageview stands',
      async (_, wrong) => {
        const site = await open({ application: { act: async (track) => track.pageview(wrong as never) } });

        const answer = await site.get('/act');
        await site.flush();

        expect(answer.status).toBe(200);
        expect(site.drops).toMatchObject([{ event: { kind: 'pageview' }, reason: 'invalid' }]);
        expect(site.visitUrls).toEqual([`${site.url}/act`]);
      },
    );

    it('takes null for no details', async () => {
      const site = await open({ application: { act: async (track) => track.pageview(null as never) } });

      await site.get('/act');
      await site.flush();

      expect(site.visitUrls).toEqual([`${site.url}/act`]);
    });
  });
}

function throwsWhenRead(name: string): object {
  return Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      throw new Error('read');
    },
  });
}
