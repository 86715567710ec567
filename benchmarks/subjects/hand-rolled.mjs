import { sample } from './sample.mjs';

/**
 * What a developer writes who has no library: a `fetch` for each event.
 *
 * @param {import('./index.mjs').SubjectOptions} options
 * @returns {import('./index.mjs').Subject}
 */
export function open({ url }) {
  /** @type {Set<Promise<unknown>>} */
  const pending = new Set();
  /** @param {object} event */
  const post = (event) => {
    const sent = fetch(`${url}/v1/track/event`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('benchmark:')}` },
      body: JSON.stringify(event),
    })
      .then((answer) => answer.text())
      .catch(() => {})
      .finally(() => pending.delete(sent));
    pending.add(sent);
  };
  return {
    event: (id) =>
      post({
        contact_uid: `contact-${id}`,
        event_uid: 'report_exported',
        params: { ...sample(id), account_uid: 'account-1', display_name: 'Report exported' },
      }),
    page: (contact_uid, visit_url) => post({ contact_uid, event_uid: 'pageview', params: { visit_url } }),
    finish: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
