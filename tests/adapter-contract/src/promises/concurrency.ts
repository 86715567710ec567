import { currentTrack } from '@successeve/core/adapter';
import { describe, expect, it } from 'vitest';
import { Browser } from '../browser.js';
import { userNamedBy } from '../site.js';
import type { Suite } from '../suite.js';

const atOnce = 40;
const visits = 240;

export function promiseConcurrency<Request>({ open, userOf }: Suite<Request>): void {
  describe('concurrent requests', () => {
    it('never swap contacts, however they interleave', async () => {
      const meeting = new Meeting(atOnce);
      const site = await open({
        tracker: { batch: true },
        tracking: {
          context: true,
          async identify(request) {
            await turns(Math.random() * 5);
            const user = userOf(request);
            return user && { contactUid: user.id, accountUid: user.orgId };
          },
        },
        application: {
          async authenticate(headers, track) {
            await turns(Math.random() * 5);
            track.event('before_sign_in', { params: { who: headers['x-user'] } });
            await turns(Math.random() * 5);
            return userNamedBy(headers);
          },
          async act(track, body) {
            const { who } = body as { who: string };
            track.event('before_the_meeting', { params: { who } });
            // All that are under way are in here at once, and leave in the opposite order.
            await meeting.join();
            currentTrack()?.event('after_the_meeting', { params: { who } });
            track.pageview({ params: { who } });
          },
        },
      });
      const browser = new Browser(site.url, { 'content-type': 'application/json' }, atOnce);

      const answers = await Promise.all(
        Array.from({ length: visits }, (_, visitor) => {
          const who = `visitor-${visitor}`;
          const headers = { 'x-user': who };
          return browser.send({ method: 'POST', path: '/act', headers, body: JSON.stringify({ who }) });
        }),
      );
      await site.flush();
      browser.close();

      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(site.outcome).toEqual({ recorded: visits, skipped: {} });
      expect(site.api.events).toHaveLength(4 * visits);
      for (const { contact_uid, params } of site.api.events) {
        expect(params).toMatchObject({ who: contact_uid, account_uid: `org-of-${contact_uid}` });
      }
      const seen = new Set(
        site.api.events.map(({ contact_uid, event_uid }) => `${contact_uid} ${event_uid}`),
      );
      expect(seen.size).toBe(4 * visits);
    });
  });
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Holds the callers until `size` have joined, then lets them go, the last one first. */
class Meeting {
  readonly #size: number;
  #present: (() => void)[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  async join(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#present.push(resolve);
      if (this.#present.length < this.#size) return;
      for (const leave of this.#present.reverse()) leave();
      this.#present = [];
    });
  }
}
