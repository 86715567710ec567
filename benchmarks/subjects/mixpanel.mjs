import Mixpanel from 'mixpanel';
import { sample } from './sample.mjs';

/** @param {import('./index.mjs').SubjectOptions} options @returns {import('./index.mjs').Subject} */
export function open({ url }) {
  const { hostname, port } = new URL(url);
  const mixpanel = Mixpanel.init('benchmark', {
    host: `${hostname}:${port}`,
    protocol: 'http',
    keepAlive: true,
  });
  let pending = 0;
  /** @type {() => void} */
  let onIdle = () => {};
  const done = () => {
    if (--pending === 0) onIdle();
  };
  /** @param {string} name @param {Record<string, unknown>} properties */
  const track = (name, properties) => {
    pending++;
    mixpanel.track(name, properties, done);
  };
  return {
    event: (id) => track('report_exported', { distinct_id: `contact-${id}`, ...sample(id) }),
    page: (distinct_id, visited) => track('page', { distinct_id, url: visited }),
    finish: () =>
      new Promise((resolve) => {
        onIdle = () => resolve(undefined);
        if (pending === 0) onIdle();
      }),
  };
}
