import { type ReadonlySignal, signal } from '@preact/signals';

/** As in the style sheets: below it, details and filters cover the list. */
const query = matchMedia('(max-width: 800px)');

const small = signal(query.matches);

export const isSmall: ReadonlySignal<boolean> = small;

query.addEventListener('change', () => {
  small.value = query.matches;
});
