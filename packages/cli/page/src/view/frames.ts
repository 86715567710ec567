import { type Signal, signal } from '@preact/signals';

/** How often the costly parts of the page are drawn while entries arrive. */
const calmMs = 250;

/** Calls `work` before the next frame. */
export function beforeFrame(work: () => void): void {
  // A page in the background has no frames, but should be up to date when it is shown again.
  if (document.hidden) setTimeout(work, calmMs);
  else requestAnimationFrame(work);
}

/** Calls `work` after the next frame was painted: what the user has just typed is seen first. */
export function afterPaint(work: () => void): void {
  beforeFrame(() => setTimeout(work));
}

/** Combines calls into one, at most four times a second. */
export function calmly(work: () => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      work();
    }, calmMs);
  };
}

/** The time, once a second, for the countdown and the chart. */
export const now: Signal<number> = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 1000);
