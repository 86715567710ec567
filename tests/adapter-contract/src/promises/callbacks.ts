import type { TrackerOptions } from '@successeve/core';
import { describe, expect, it } from 'vitest';
import { type Given, userNamedBy } from '../site.js';
import type { Suite } from '../suite.js';

const cause = new Error('a mistake of the customer');

function throws(): never {
  throw cause;
}

async function rejects(): Promise<never> {
  throw cause;
}

const loggerThatThrows: TrackerOptions['logger'] = { debug: throws, warn: throws, error: throws };

export function promiseCallbacks<Request>({ open }: Suite<Request>): void {
  const recorded = { recorded: 1, skipped: {} };

  describe.each([
    ['throws', throws],
    ['rejects', rejects as never],
  ])('a callback that %s', (_, fails) => {
    const cases: [string, Given<Request>, object][] = [
      ['identify', { tracking: { identify: fails } }, { recorded: 0, skipped: { no_contact: 1 } }],
      ['pageviews', { tracking: { pageviews: fails } }, recorded],
      ['ignore', { tracking: { ignore: [fails] } }, recorded],
      ['consent', { tracking: { consent: fails } }, { recorded: 0, skipped: { consent: 1 } }],
    ];

    it.each(cases)('leaves the answer intact, and onError is called: %s', async (name, given, outcome) => {
      const site = await open(given);

      expect(await site.get()).toMatchObject({ status: 200 });
      await site.flush();

      expect(site.outcome).toEqual(outcome);
      expect(site.errors).toMatchObject([
        { code: 'callback_failed', cause, message: expect.stringContaining(name) },
      ]);
      expect(site.errors[0]?.message).not.toContain(cause.message);
    });

    it('leaves the answer intact: onError', async () => {
      const site = await open({ tracker: { onError: fails }, tracking: { identify: throws } });

      expect(await site.get()).toMatchObject({ status: 200 });
      await site.flush();

      expect(site.lines).toEqual([expect.stringContaining('onError failed')]);
    });

    it('leaves the answer intact: onDrop', async () => {
      const site = await open({
        tracker: { onDrop: fails },
        application: { act: async (track) => track.event('Not Snake Case') },
      });

      expect(await site.get('/act')).toMatchObject({ status: 200 });
      await site.flush();

      expect(site.outcome).toEqual(recorded);
      expect(site.errors).toMatchObject([{ code: 'callback_failed', cause }]);
    });
  });

  describe('a callback that is asked for yes or no', () => {
    const yes = (async () => true) as never;
    const cases: [string, Given<Request>, object][] = [
      ['pageviews', { tracking: { pageviews: yes } }, { recorded: 2, skipped: {} }],
      ['ignore[0]', { tracking: { ignore: [yes] } }, { recorded: 2, skipped: {} }],
      ['consent', { tracking: { consent: yes } }, { recorded: 0, skipped: { consent: 2 } }],
    ];

    it.each(cases)(
      'cannot return a promise, which onError reports once: %s',
      async (name, given, outcome) => {
        const site = await open(given);

        for (const _ of [1, 2]) await site.get();
        await site.flush();

        expect(site.outcome).toEqual(outcome);
        expect(site.errors).toMatchObject([
          { code: 'callback_failed', message: `${name}: expected true or false, got a promise` },
        ]);
      },
    );

    it('fails once in a request: consent', async () => {
      const site = await open({
        tracking: { consent: throws },
        application: { act: async (track) => track.event('step_taken') },
      });

      await site.get('/act');
      await site.flush();

      expect(site.errors).toMatchObject([{ code: 'callback_failed', cause }]);
      expect(site.drops).toMatchObject([{ event: { eventUid: 'step_taken' }, reason: 'consent' }]);
    });

    it('may return another value later in the request: consent', async () => {
      let hasAgreed = false;
      const site = await open({
        tracking: { consent: () => hasAgreed },
        application: {
          async act() {
            hasAgreed = true;
          },
          async authenticate(headers, track) {
            track.event('form_sent');
            return userNamedBy(headers);
          },
        },
      });

      await site.get('/act');
      await site.flush();

      expect(site.outcome).toEqual(recorded);
      expect(site.drops).toMatchObject([{ event: { eventUid: 'form_sent' }, reason: 'consent' }]);
    });
  });

  describe('a callback that throws', () => {
    it('leaves the answer intact, and nothing unscrubbed is sent: beforeSend', async () => {
      const site = await open({ tracker: { beforeSend: throws } });

      expect(await site.get()).toMatchObject({ status: 200 });
      await site.flush();

      expect(site.api.requests).toEqual([]);
      expect(site.drops).toMatchObject([{ reason: 'before_send' }]);
      expect(site.errors).toMatchObject([{ code: 'callback_failed', cause }]);
    });

    it('leaves the answer intact: what `strict` throws when no handler is there to see it', async () => {
      const site = await open({
        tracker: { strict: true },
        tracking: { identify: () => ({ contactUid: 'ada', accountUid: {} as never }) },
      });

      expect(await site.get()).toMatchObject({ status: 200 });
      await site.flush();

      expect(site.errors).toMatchObject([{ code: 'invalid' }]);
    });

    it('leaves the answer intact: logger', async () => {
      const site = await open({
        tracker: { logger: loggerThatThrows, debug: true, onError: undefined, onDrop: undefined },
        tracking: { consent: throws, identify: throws },
        application: { act: async (track) => track.event('Not Snake Case') },
      });

      expect(await site.get('/act')).toMatchObject({ status: 200 });
      expect(await site.get('/missing')).toMatchObject({ status: 404 });
      await site.flush();
    });

    it('leaves the answer intact: all of them together', async () => {
      const site = await open({
        tracker: {
          beforeSend: throws,
          onError: throws,
          onDrop: throws,
          logger: loggerThatThrows,
          debug: true,
        },
        tracking: { identify: throws, pageviews: throws, ignore: [throws], consent: throws },
        application: { act: async (track) => track.event('step_taken') },
      });

      expect(await site.get('/act')).toMatchObject({ status: 200 });
      expect(await site.send({ method: 'POST', path: '/act' })).toMatchObject({ status: 200 });
      await site.flush();
    });
  });
}
