/** A function that runs at most once in a period, never in the turn of a call, and once after the last call. */
export interface Throttled {
  (): void;
  /** Runs it now if a call is due. */
  flush(): void;
  /** Forgets a call that is due. */
  cancel(): void;
}

export function throttle(run: () => void, everyMs: number): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ranAt = Number.NEGATIVE_INFINITY;
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const runNow = (): void => {
    cancel();
    ranAt = performance.now();
    run();
  };
  const call = (): void => {
    timer ??= setTimeout(runNow, Math.max(0, ranAt + everyMs - performance.now()));
  };
  const flush = (): void => {
    if (timer !== undefined) runNow();
  };
  return Object.assign(call, { flush, cancel });
}
