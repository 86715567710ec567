import { type ReadonlySignal, signal } from '@preact/signals';

/** How often that which costs more than a row is drawn again while entries arrive. */
const calmMs = 250;

/** Calls `work` before the next frame is drawn. */
export function beforeFrame(work: () => void): void {
  // Nobody looks at a page in the background, and it has no frames; but it should be right when they come back.
  if (document.hidden) setTimeout(work, calmMs);
  else requestAnimationFrame(work);
}

/** Makes of many calls one, at most four times a second. */
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

const second = signal(Date.now());

/** The time, once a second: for what counts down, and for the chart. */
export const now: ReadonlySignal<number> = second;

setInterval(() => {
  second.value = Date.now();
}, 1000);
