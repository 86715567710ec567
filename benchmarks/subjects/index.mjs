/**
 * A library that tells a collector of events, with settings.
 *
 * @typedef {object} Subject
 * @property {(id: number) => void} event tells of an event of about 300 bytes
 * @property {(userId: string, url: string) => void} page tells of a pageview
 * @property {() => Promise<unknown>} finish resolves when all was sent, as far as the library can tell
 * @property {import('@successeve/core').Tracker} [tracker] ours
 */

/**
 * @typedef {object} SubjectOptions
 * @property {string} url of the collector
 * @property {boolean} batch whether it is set up for many events a request
 * @property {boolean} [isUnlimited] whether its queue takes more than it does by default
 */

/** @type {Readonly<Record<string, { module: string } & Omit<SubjectOptions, 'url'>>>} */
export const subjects = {
  'ours, batch': { module: './ours.mjs', batch: true },
  'ours, single': { module: './ours.mjs', batch: false },
  'ours, no limits, batch': { module: './ours.mjs', batch: true, isUnlimited: true },
  'segment, default': { module: './segment.mjs', batch: false },
  'segment, 250 a batch': { module: './segment.mjs', batch: true },
  'posthog, default': { module: './posthog.mjs', batch: false },
  'posthog, 250 a batch': { module: './posthog.mjs', batch: true },
  'mixpanel, single': { module: './mixpanel.mjs', batch: false },
  'hand-rolled fetch': { module: './hand-rolled.mjs', batch: false },
  'raw loop, batch': { module: './raw.mjs', batch: true },
  'raw loop, single': { module: './raw.mjs', batch: false },
};

/**
 * Opens one of them by its name.
 *
 * @param {string} name
 * @param {string} url
 * @returns {Promise<Subject>}
 */
export async function openSubject(name, url) {
  const subject = subjects[name];
  if (!subject) throw new Error(`expected one of ${Object.keys(subjects).join(', ')}, got ${name}`);
  const { module, ...options } = subject;
  const { open } = await import(module);
  return open({ url, ...options });
}
