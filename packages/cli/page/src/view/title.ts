import { effect } from '@preact/signals';
import { connection, latest, settled } from './state.js';

const name = 'successeve dev';

/** Says in the title what arrives while another tab is looked at: the application, most likely. */
export function followTitle(): void {
  let seen = 0;
  const newest = (): number => latest.peek().received.ring.newest;
  const update = () => {
    if (!document.hidden || newest() < seen) seen = newest();
    const unseen = newest() - seen;
    const count = unseen > 0 ? `(${unseen.toLocaleString('en')}) ` : '';
    document.title = connection.value === 'lost' ? `${name}: not running` : count + name;
  };
  document.addEventListener('visibilitychange', () => {
    // Until now it was looked at, also what has come since the title was last set.
    seen = newest();
    update();
  });
  effect(() => {
    // When to say it; what there is to say may have become more since.
    void settled.value;
    update();
  });
}
