/** A function that runs at most once in a period, and once after the last call. */
export interface Throttled {
  (): void;
  /** Runs it now if a call is due. */
  flush(): void;
}

export function throttle(everyMs: number, call: () => void): Throttled {
  let timer: NodeJS.Timeout | undefined;
  let calledAt = Number.NEGATIVE_INFINITY;
  const run = (): void => {
    timer = undefined;
    calledAt = performance.now();
    call();
  };
  const request = (): void => {
    timer ??= setTimeout(run, Math.max(0, calledAt + everyMs - performance.now()));
  };
  const flush = (): void => {
    if (!timer) return;
    clearTimeout(timer);
    run();
  };
  return Object.assign(request, { flush });
}
