import { type Signal, signal } from '@preact/signals';

export function beforeFrame(work: () => void): void {
  // A page in the background has no frames, but should be up to date when it is shown again.
  if (document.hidden) setTimeout(work, 250);
  else requestAnimationFrame(work);
}

/** Calls `work` after the next frame was painted: what the user has just typed is seen first. */
export function afterPaint(work: () => void): void {
  beforeFrame(() => setTimeout(work));
}

/** The time, once a second, for the countdown and the chart. */
export const now: Signal<number> = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 1000);
