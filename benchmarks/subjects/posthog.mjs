import { PostHog } from 'posthog-node';
import { sample } from './sample.mjs';

/** @param {import('./index.mjs').SubjectOptions} options @returns {import('./index.mjs').Subject} */
export function open({ url, batch }) {
  const posthog = new PostHog('benchmark', {
    host: url,
    // More than it keeps by default, so that it is not measured by what it drops.
    ...(batch && { flushAt: 250, disableCompression: true, maxQueueSize: 2_000_000 }),
  });
  return {
    event: (id) =>
      posthog.capture({ distinctId: `contact-${id}`, event: 'report_exported', properties: sample(id) }),
    page: (distinctId, visited) =>
      posthog.capture({ distinctId, event: '$pageview', properties: { $current_url: visited } }),
    finish: () => posthog.shutdown(120_000),
  };
}
