import { nodeProcess } from './node-process.js';

/** The handle of a timer: an object on Node, a number elsewhere. */
export type Timer = ReturnType<typeof setTimeout>;

/** The longest that a timer can wait, in milliseconds; with more, it would not wait at all. */
export const longestTimerMs: number = 2 ** 31 - 1;

/** A timer that never holds the process open. */
export function startTimer(callback: () => void, ms: number): Timer {
  const timer = setTimeout(callback, ms);
  if (typeof timer === 'object') timer.unref?.();
  return timer;
}

/** Runs `callback` in the next turn of the event loop, so that a request's own work comes first. */
export function nextTurn(callback: () => void): void {
  const setImmediate = nodeProcess && globalThis.setImmediate;
  if (setImmediate) setImmediate(callback);
  else setTimeout(callback, 0);
}

/** Waits for a promise until a deadline. Unlike our other timers this one holds the process open: a caller waits. */
export async function settledBy(deadline: number, promise: Promise<unknown>): Promise<void> {
  let timer: Timer | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadline - performance.now()));
  });
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}
