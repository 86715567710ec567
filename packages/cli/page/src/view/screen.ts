import { type Signal, signal } from '@preact/signals';

/** As in the style sheets: below it, details and filters cover the list. */
const query = matchMedia('(max-width: 800px)');

export const isSmall: Signal<boolean> = signal(query.matches);

query.addEventListener('change', () => {
  isSmall.value = query.matches;
});
