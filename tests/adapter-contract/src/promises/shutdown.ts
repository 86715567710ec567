import { describe, expect, it } from 'vitest';
import type { Suite } from '../suite.js';

export function promiseShutdown<Request>({ open }: Suite<Request>): void {
  describe('closing the tracker', () => {
    it('delivers what is queued', async () => {
      // A batch that would wait for others for a long time.
      const site = await open({
        tracker: { batch: { maxWaitMs: 600_000 } },
        application: { act: async (track) => track.event('step_taken') },
      });

      for (const visit of [1, 2, 3]) await site.get(`/act?visit=${visit}`);
      await site.ended();
      expect(site.api.requests).toEqual([]);

      expect(await site.tracker.close()).toEqual({ delivered: 6, pending: 0 });
      expect(site.api.events).toHaveLength(6);
      expect(site.api.pageviews).toHaveLength(3);
    });

    it('leaves the application as it is', async () => {
      const site = await open({ application: { act: async (track) => track.event('step_taken') } });
      await site.get('/act');
      await site.ended();
      await site.tracker.close();

      expect(await site.get('/act')).toMatchObject({ status: 200 });
      await site.ended();
      expect(site.api.events).toHaveLength(2);
      expect(site.drops).toMatchObject([{ reason: 'closed' }, { reason: 'closed' }]);
    });
  });
}
