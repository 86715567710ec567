import type { VNode } from 'preact';

/** Drawn on 16 by 16, in the colour of the text. Screen readers skip them. */
const paths = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm3.3 7.8 3.2 3.2',
  pause: 'M5.5 3.5v9m5-9v9',
  play: 'M5 3.2v9.6L12.5 8 5 3.2Z',
  clear: 'M3 4.5h10m-6.5 0v-1.5h3v1.5m-5 0 .6 8.5h5.8l.6-8.5',
  copy: 'M6 6h7v7H6zM3.5 10H3V3h7v.5',
  check: 'm3 8.5 3.2 3.2L13 5',
  close: 'm4 4 8 8m0-8-8 8',
  filter: 'M2.5 4.5h11m-9 3.5h7m-5 3.5h3',
  up: 'M8 13V3.5m-4 4 4-4 4 4',
} as const;

export function Icon({ name }: { name: keyof typeof paths }): VNode {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

/** The mark of the page, as in its icon. */
export function Mark(): VNode {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M7 18h5l3-9 4 14 3-9h3" />
    </svg>
  );
}
