import { describe, expect, it, vi } from 'vitest';
import { defer } from '../deferred.js';
import { userNamedBy } from '../site.js';
import type { Suite } from '../suite.js';

const ada = { contactUid: 'ada', accountUid: 'org-of-ada' };

export function promiseIdentity<Request>({ open, userOf }: Suite<Request>): void {
  const contactOf = (request: Request): { contactUid: string } | null => {
    const user = userOf(request);
    return user ? { contactUid: user.id } : null;
  };

  describe('the contact', () => {
    it('is found although authentication comes behind the middleware', async () => {
      const identify = vi.fn(contactOf);
      const site = await open({ tracking: { identify } });

      await site.get();
      await site.flush();

      expect(site.api.pageviews).toMatchObject([{ contact_uid: 'ada' }]);
      expect(identify).toHaveBeenCalledTimes(1);
    });

    it('is asked for a second time, at the end, where it was not known when it was first needed', async () => {
      const identify = vi.fn(contactOf);
      const site = await open({
        tracking: { identify },
        application: {
          async authenticate(headers, track) {
            track.event('first_step');
            track.event('second_step');
            return userNamedBy(headers);
          },
        },
      });

      await site.get();
      await site.flush();

      expect(site.api.events.map(({ event_uid, contact_uid }) => [event_uid, contact_uid])).toEqual([
        ['first_step', 'ada'],
        ['second_step', 'ada'],
        ['pageview', 'ada'],
      ]);
      expect(identify).toHaveBeenCalledTimes(2);
    });

    it('is asked for at most twice, and what waited in vain goes to onDrop', async () => {
      const identify = vi.fn(contactOf);
      const site = await open({
        tracking: { identify },
        application: {
          async act(track) {
            track.event('first_step');
            track.event('second_step');
          },
        },
      });

      await site.get('/act', { 'x-user': undefined });
      await site.flush();

      expect(identify).toHaveBeenCalledTimes(2);
      expect(site.drops).toMatchObject([
        { event: { kind: 'event', eventUid: 'first_step' }, reason: 'no_contact' },
        { event: { kind: 'event', eventUid: 'second_step' }, reason: 'no_contact' },
      ]);
      expect(site.tracker.stats().dropped.no_contact).toBe(2);
      expect(site.outcome).toEqual({ recorded: 0, skipped: { no_contact: 1 } });
      expect(site.api.requests).toEqual([]);
      expect(site.errors).toEqual([]);
    });

    it('is not asked for where nothing is recorded', async () => {
      const identify = vi.fn(contactOf);
      const site = await open({ tracking: { identify } });

      for (const path of ['/redirect', '/missing', '/json']) await site.get(path);
      await site.get('/page', { purpose: 'prefetch' });
      await site.send({ method: 'POST', path: '/act' });
      await site.flush();

      expect(identify).not.toHaveBeenCalled();
    });

    it('may be found asynchronously; flush waits for it', async () => {
      const answer = defer<typeof ada>();
      const identify = vi.fn(() => answer.promise);
      const site = await open({
        tracking: { identify },
        application: { act: async (track) => track.event('step_taken') },
      });

      await site.get('/act');
      await site.ended();
      const flushed = site.tracker.flush();
      answer.resolve(ada);

      expect(await flushed).toEqual({ delivered: 2, pending: 0 });
      expect(site.api.events).toMatchObject([{ event_uid: 'step_taken' }, { event_uid: 'pageview' }]);
      expect(identify).toHaveBeenCalledTimes(1);
    });

    it('may be found asynchronously at the second time; flush waits for that too', async () => {
      const first = defer<null>();
      const identify = vi
        .fn<() => Promise<typeof ada | null>>()
        .mockReturnValueOnce(first.promise)
        .mockImplementationOnce(() => new Promise((resolve) => setTimeout(resolve, 10, ada)));
      const site = await open({
        tracking: { identify },
        application: { act: async (track) => track.event('step_taken') },
      });

      await site.get('/act');
      await site.ended();
      const flushed = site.tracker.flush();
      first.resolve(null);

      expect(await flushed).toEqual({ delivered: 2, pending: 0 });
      expect(identify).toHaveBeenCalledTimes(2);
    });

    it('may have numbers for ids, which are sent as strings', async () => {
      const site = await open({ tracking: { identify: () => ({ contactUid: 42, accountUid: 7n }) } });

      await site.get();
      await site.flush();

      expect(site.api.pageviews).toMatchObject([{ contact_uid: '42', params: { account_uid: '7' } }]);
    });

    it.each([
      ['null', null],
      ['undefined', undefined],
      ['false', false as const],
      ['an object without an id', { contactUid: undefined as unknown as string }],
      ['an empty id', { contactUid: '' }],
      ['a promise of null', Promise.resolve(null)],
    ])('is unknown where identify returns %s', async (_, nothing) => {
      const site = await open({ tracking: { identify: () => nothing } });

      await site.get();
      await site.flush();

      expect(site.outcome).toEqual({ recorded: 0, skipped: { no_contact: 1 } });
      expect(site.errors).toEqual([]);
    });

    it.each([
      ['a string', 'ada'],
      ['an object for an id', { contactUid: {} }],
      ['not a number for an id', { contactUid: Number.NaN }],
      ['a user as it is', { id: 7, name: 'Ada' }],
      ['a list', [{ contactUid: 'ada' }]],
      ['an empty object', {}],
    ])('is unknown where identify returns %s, and onError says what was expected', async (_, wrong) => {
      const site = await open({ tracking: { identify: () => wrong as never } });

      const answer = await site.get();
      await site.flush();

      expect(answer.status).toBe(200);
      expect(site.outcome).toEqual({ recorded: 0, skipped: { no_contact: 1 } });
      expect(site.errors).toMatchObject([
        { code: 'callback_failed', message: expect.stringContaining('identify: expected') },
      ]);
    });

    it('is unknown where identify returns an object without a contactUid: onError names its keys', async () => {
      const site = await open({ tracking: { identify: () => ({ id: 7, name: 'Ada' }) as never } });

      await site.get();
      await site.flush();

      expect(site.errors).toMatchObject([{ message: expect.stringMatching(/got an object with id, name$/) }]);
    });

    it('may be found by a thenable of any make', async () => {
      const thenable = {
        // biome-ignore lint/suspicious/noThenProperty: that is what it is about.
        then(resolve: (contact: typeof ada) => void): void {
          setImmediate(resolve, ada);
        },
      } as never;
      const site = await open({ tracking: { identify: () => thenable } });

      await site.get();
      await site.flush();

      expect(site.api.pageviews).toMatchObject([{ contact_uid: 'ada' }]);
      expect(site.errors).toEqual([]);
    });

    it('is asked for again while a long answer goes on, so that nothing waits for its end', async () => {
      const held = defer();
      let isKnown = false;
      const site = await open({
        tracking: { identify: () => (isKnown ? ada : null) },
        application: {
          act(track) {
            track.event('stream_opened');
            isKnown = true;
            return held.promise;
          },
        },
      });

      const visit = site.start({ path: '/act' });
      await expect.poll(() => site.api.events, { timeout: 5_000 }).toMatchObject([{ contact_uid: 'ada' }]);
      held.resolve();
      await visit.answer;
    });

    it('is awaited by 1 000 of one request, and what comes after that is dropped', async () => {
      const site = await open({
        application: {
          async act(track) {
            for (let step = 0; step < 1_002; step++) track.event('step_taken');
            track.identify(ada);
          },
        },
      });

      await site.send({ method: 'POST', path: '/act', headers: { 'x-user': undefined } });
      await site.ended();

      expect(site.drops).toHaveLength(2);
      expect(site.drops[0]).toMatchObject({
        reason: 'no_contact',
        message: expect.stringContaining('1000 wait'),
      });
      expect(site.tracker.stats().accepted).toBe(1_002);
    });

    it('is awaited until the tracker closes: what is known then is sent, and the rest accounted for', async () => {
      const entered = [defer(), defer()];
      const held = defer();
      let isKnown = false;
      const site = await open({
        tracking: { identify: (request) => (isKnown && userOf(request) ? ada : null) },
        application: {
          act(track) {
            track.event('step_taken');
            entered.shift()?.resolve();
            return held.promise;
          },
        },
      });
      const opened = entered.map(({ promise }) => promise);

      const visits = ['ada', undefined].map((name) =>
        site.start({ path: '/act', headers: { 'x-user': name } }),
      );
      await Promise.all(opened);
      isKnown = true;
      const closed = await site.tracker.close();
      held.resolve();
      await Promise.all(visits.map(({ answer }) => answer));

      expect(closed).toEqual({ delivered: 1, pending: 1 });
      expect(site.api.events).toMatchObject([{ event_uid: 'step_taken', contact_uid: 'ada' }]);
      expect(site.drops[0]).toMatchObject({ event: { eventUid: 'step_taken' }, reason: 'closed' });
    });

    const cause = new Error('the session store is away');
    it.each([
      [
        'throws',
        () => {
          throw cause;
        },
      ],
      ['rejects', () => Promise.reject(cause)],
      ['rejects late', () => new Promise<never>((_, reject) => setImmediate(reject, cause))],
    ])(
      'is unknown where identify %s: the answer is intact, and onError is called once',
      async (_, identify) => {
        const site = await open({
          tracking: { identify },
          application: { act: async (track) => track.event('step_taken') },
        });

        const answer = await site.get('/act');
        await site.flush();

        expect(answer.status).toBe(200);
        expect(site.outcome).toEqual({ recorded: 0, skipped: { no_contact: 1 } });
        expect(site.drops).toMatchObject([{ event: { eventUid: 'step_taken' }, reason: 'no_contact' }]);
        expect(site.errors).toMatchObject([{ code: 'callback_failed', cause }]);
      },
    );

    it('is found at the second time, where identify failed at the first', async () => {
      const identify = vi.fn(contactOf).mockImplementationOnce(() => {
        throw cause;
      });
      const site = await open({
        tracking: { identify },
        application: { act: async (track) => track.event('step_taken') },
      });

      await site.get('/act');
      await site.flush();

      expect(site.api.events).toMatchObject([{ event_uid: 'step_taken' }, { event_uid: 'pageview' }]);
      expect(site.errors).toHaveLength(1);
    });

    it('may never be found: neither the answer nor flush waits for an identify that does not settle', async () => {
      const site = await open({
        tracking: { identify: () => new Promise<never>(() => {}) },
        application: { act: async (track) => track.event('step_taken') },
      });

      const answer = await site.get('/act');
      await site.ended();
      const { delivered, pending } = await site.tracker.flush({ timeoutMs: 50 });

      expect(answer.status).toBe(200);
      expect(delivered).toBe(0);
      expect(pending).toBeGreaterThan(0);
      expect(await site.tracker.close({ timeoutMs: 50 })).toMatchObject({ delivered: 0 });
    });

    it('keeps the time and the content of events that wait for it', async () => {
      const params = { plan: 'basic', seats: { count: 1 } };
      let trackedAt = { from: 0, to: 0 };
      const site = await open({
        tracker: { createdAt: true },
        tracking: { identify: contactOf },
        application: {
          async authenticate(headers, track) {
            const from = Date.now();
            track.event('plan_chosen', { params });
            trackedAt = { from, to: Date.now() };
            params.plan = 'gold';
            params.seats.count = 99;
            await expect.poll(() => Date.now()).toBeGreaterThan(trackedAt.to + 20);
            return userNamedBy(headers);
          },
        },
      });

      await site.get();
      await site.flush();

      const [event] = site.api.events;
      expect(event).toMatchObject({
        event_uid: 'plan_chosen',
        params: { plan: 'basic', seats: { count: 1 } },
      });
      const createdAt = Date.parse(String(event?.created_at));
      expect(createdAt).toBeGreaterThanOrEqual(trackedAt.from);
      expect(createdAt).toBeLessThanOrEqual(trackedAt.to);
    });
  });
}
