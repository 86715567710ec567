import { Analytics } from '@segment/analytics-node';
import { sample } from './sample.mjs';

/** @param {import('./index.mjs').SubjectOptions} options @returns {import('./index.mjs').Subject} */
export function open({ url, batch }) {
  const analytics = new Analytics({ writeKey: 'benchmark', host: url, ...(batch && { flushAt: 250 }) });
  analytics.on('error', () => {});
  return {
    event: (id) =>
      analytics.track({ userId: `contact-${id}`, event: 'report_exported', properties: sample(id) }),
    page: (userId, visited) => analytics.page({ userId, properties: { url: visited } }),
    finish: () => analytics.closeAndFlush({ timeout: 120_000 }),
  };
}
