import { createTracker, memoryQueue } from '@successeve/core';
import { sample } from './sample.mjs';

/** @param {import('./index.mjs').SubjectOptions} options @returns {import('./index.mjs').Subject} */
export function open({ url, batch, isUnlimited = false }) {
  const tracker = createTracker({
    apiToken: 'benchmark',
    apiUrl: url,
    batch,
    flushOnExit: false,
    ...(isUnlimited && { queue: memoryQueue({ maxEvents: 5_000_000, maxBytes: 4 * 1024 ** 3 }) }),
  });
  return {
    tracker,
    event: (id) =>
      tracker.event('report_exported', {
        contactUid: `contact-${id}`,
        accountUid: 'account-1',
        displayName: 'Report exported',
        params: sample(id),
      }),
    page: (contactUid, visitUrl) => tracker.pageview({ contactUid, visitUrl }),
    finish: () => tracker.close({ timeoutMs: 120_000 }),
  };
}
