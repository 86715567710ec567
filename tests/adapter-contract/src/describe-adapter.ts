import { afterEach, beforeEach, describe, expect } from 'vitest';
import type { AdapterUnderTest, Flags } from './adapter.js';
import { promiseBrowserReports } from './promises/browser-reports.js';
import { promiseBrowserScript } from './promises/browser-script.js';
import { promiseCallbacks } from './promises/callbacks.js';
import { promiseConcurrency } from './promises/concurrency.js';
import { promiseContext } from './promises/context.js';
import { promiseDebugLines } from './promises/debug-lines.js';
import { promiseIdentity } from './promises/identity.js';
import { promiseOutages } from './promises/outages.js';
import { promisePageviewRules } from './promises/pageview-rules.js';
import { promisePageviews } from './promises/pageviews.js';
import { promiseRequestTrack } from './promises/request-track.js';
import { promiseSetContact } from './promises/set-contact.js';
import { promiseShutdown } from './promises/shutdown.js';
import { promiseUpdates } from './promises/updates.js';
import { promiseVisitUrls } from './promises/visit-urls.js';
import { openSite, type Site } from './site.js';
import type { Suite } from './suite.js';

/**
 * Describes what every adapter promises. An adapter only says how to mount itself.
 *
 * @param promises - `translation` leaves out what the core decides for all adapters, by what one of them hands over
 */
export function describeAdapter<Request>(
  name: string,
  adapter: AdapterUnderTest<Request>,
  flags: Flags = {},
  promises: 'all' | 'translation' = 'all',
): void {
  const sites: Site[] = [];
  const unhandled: unknown[] = [];
  const keep = (error: unknown): unknown => unhandled.push(error);
  const suite: Suite<Request> = {
    userOf: adapter.userOf,
    rawOf: adapter.rawOf,
    flags,
    async open(given = {}) {
      const site = await openSite(adapter, given);
      sites.push(site);
      return site;
    },
  };

  describe(name, () => {
    beforeEach(() => {
      process.on('unhandledRejection', keep);
      process.on('uncaughtException', keep);
    });

    afterEach(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', keep);
      process.off('uncaughtException', keep);
      expect(unhandled.splice(0)).toEqual([]);
      for (const { tracker } of sites.splice(0)) {
        const { accepted, delivered, queued, inFlight, dropped } = tracker.stats();
        const { invalid, ...rest } = dropped;
        const isDropped = Object.values(rest).reduce((sum, count) => sum + count, 0);
        expect(accepted).toBe(delivered + queued + inFlight + isDropped);
      }
    });

    promisePageviews(suite);
    promiseVisitUrls(suite);
    promiseBrowserReports(suite);
    promiseBrowserScript(suite);
    promiseRequestTrack(suite);
    promiseContext(suite);
    promiseConcurrency(suite);
    promiseOutages(suite);
    promiseShutdown(suite);
    if (promises === 'translation') return;
    promisePageviewRules(suite);
    promiseIdentity(suite);
    promiseSetContact(suite);
    promiseUpdates(suite);
    promiseCallbacks(suite);
    promiseDebugLines(suite);
  });
}
