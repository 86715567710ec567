import { effect } from '@preact/signals';
import { connection, settled } from './state.js';

const name = 'successeve dev';

/** Says in the title what arrives while another tab is looked at: the application, most likely. */
export function followTitle(): void {
  let seen = 0;
  const update = () => {
    const { newest } = settled.value.received.ring;
    if (!document.hidden || newest < seen) seen = newest;
    const unseen = newest - seen;
    const count = unseen > 0 ? `(${unseen.toLocaleString('en')}) ` : '';
    document.title = connection.value === 'lost' ? `${name}: not running` : count + name;
  };
  document.addEventListener('visibilitychange', () => {
    // Until now it was looked at, also what has come since the title was last set.
    seen = settled.value.received.ring.newest;
    update();
  });
  effect(update);
}
