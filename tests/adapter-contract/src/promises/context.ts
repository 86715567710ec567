import { readFile } from 'node:fs/promises';
import { currentTrack, type RequestTrack } from '@successeve/core/adapter';
import { describe, expect, it } from 'vitest';
import { userNamedBy } from '../site.js';
import type { Suite } from '../suite.js';

/** Work that knows nothing of the request, some awaits further down. */
async function deepBelow(): Promise<(RequestTrack | undefined)[]> {
  const found = [currentTrack()];
  await Promise.resolve();
  found.push(currentTrack());
  await new Promise((resolve) => setTimeout(resolve, 1));
  found.push(currentTrack());
  await readFile(new URL(import.meta.url));
  found.push(currentTrack());
  return found;
}

export function promiseContext<Request>({ open }: Suite<Request>): void {
  describe('currentTrack', () => {
    it('is the helper of the request, in every middleware and handler and after every await', async () => {
      const found: unknown[] = [];
      const site = await open({
        tracking: { context: true },
        application: {
          async authenticate(headers, track) {
            found.push(...(await deepBelow()).map((current) => current === track));
            return userNamedBy(headers);
          },
          async act(track) {
            found.push(...(await deepBelow()).map((current) => current === track));
            currentTrack()?.event('step_taken');
          },
        },
      });

      await site.get('/act');
      await site.flush();

      expect(found).toEqual(Array(8).fill(true));
      expect(site.api.events).toMatchObject([{ event_uid: 'step_taken' }, { event_uid: 'pageview' }]);
      expect(currentTrack()).toBeUndefined();
    });

    it('is the helper of a request whose body was read and parsed before the handler', async () => {
      const found: unknown[] = [];
      let parsed: unknown;
      const site = await open({
        tracking: { context: true },
        application: {
          async act(track, body) {
            parsed = body;
            found.push(...(await deepBelow()).map((current) => current === track));
          },
        },
      });

      const body = { text: 'x'.repeat(90_000) };
      const headers = { 'content-type': 'application/json' };
      await site.send({ method: 'POST', path: '/act', headers, body: JSON.stringify(body) });

      expect(parsed).toEqual(body);
      expect(found).toEqual(Array(4).fill(true));
    });

    it('is nothing without `context: true`', async () => {
      let found: unknown = 'not asked';
      const site = await open({
        application: {
          async act() {
            found = currentTrack();
          },
        },
      });

      await site.get('/act');

      expect(found).toBeUndefined();
    });
  });
}
