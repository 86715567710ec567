import { effect } from '@preact/signals';
import { connection, latest, settled } from './state.js';

const name = 'successeve dev';

/** Counts in the title the entries that arrive while another tab is shown, such as that of the application. */
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
    // Until now the page was seen, with the entries since the last update of the title.
    seen = newest();
    update();
  });
  effect(() => {
    // This is when to update; more may have arrived since.
    void settled.value;
    update();
  });
}
