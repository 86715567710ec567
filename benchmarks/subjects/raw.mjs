import { Agent, request } from 'node:http';
import { sample } from './sample.mjs';

/** The most events in a batch of ours. */
const batchSize = 100;

/**
 * No library: the loop that ours is measured against. The same bytes over the same transport, 16 requests at a time,
 * nothing judged, nothing accounted for.
 *
 * @param {import('./index.mjs').SubjectOptions} options
 * @returns {import('./index.mjs').Subject}
 */
export function open({ url, batch }) {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 16, scheduling: 'lifo' });
  const headers = { 'content-type': 'application/json', authorization: `Basic ${btoa('benchmark:')}` };
  /** @type {string[]} */
  const waiting = [];
  let inFlight = 0;
  let isFinishing = false;
  let onIdle = () => {};

  /** @param {string} path @param {string} text */
  const post = (path, text) => {
    const body = Buffer.from(text);
    inFlight++;
    request(
      { method: 'POST', hostname, port, agent, path, headers: { ...headers, 'content-length': body.length } },
      (res) => {
        res.resume();
        res.once('close', () => {
          inFlight--;
          pump();
        });
      },
    ).end(body);
  };

  const pump = () => {
    while (inFlight < 16 && waiting.length > 0) {
      if (!batch) post('/v1/track/event', waiting.pop() ?? '');
      else if (waiting.length >= batchSize || isFinishing)
        post('/v1/batch', `[${waiting.splice(-batchSize)}]`);
      else return;
    }
    if (inFlight === 0 && waiting.length === 0) onIdle();
  };

  /** @param {object} event */
  const tell = (event) => {
    waiting.push(JSON.stringify(event));
    pump();
  };

  return {
    event: (id) =>
      tell({
        contact_uid: `contact-${id}`,
        event_uid: 'report_exported',
        params: { ...sample(id), account_uid: 'account-1', display_name: 'Report exported' },
      }),
    page: (contactUid, visitUrl) =>
      tell({
        contact_uid: contactUid,
        event_uid: 'pageview',
        params: { account_uid: 'account-1', visit_url: visitUrl },
      }),
    finish: () =>
      new Promise((resolve) => {
        onIdle = () => resolve(undefined);
        isFinishing = true;
        pump();
      }),
  };
}
