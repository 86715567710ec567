// What a page has before the script starts: a clock that only the rules move, and short names for what a router does.

let now = Date.now();
const timers = new Map<number, { readonly callback: () => void; readonly at: number }>();

Date.now = () => now;
let lastTimer = 0;

Object.assign(window, {
  setTimeout: (callback: () => void, ms = 0) => {
    timers.set(++lastTimer, { callback, at: now + ms });
    return lastTimer;
  },
  clearTimeout: (timer: number) => timers.delete(timer),
  /** Lets time pass. */
  pass: (ms: number) => {
    now += ms;
    for (const [timer, { callback, at }] of timers) {
      if (at > now) continue;
      timers.delete(timer);
      callback();
    }
  },
  push: (url: string) => history.pushState(null, '', url),
  replace: (url: string) => history.replaceState(null, '', url),
  /** Moves in the history, and waits until the browser has done so. */
  go: (delta: number) =>
    new Promise((resolve) => {
      addEventListener('popstate', resolve, { once: true });
      history.go(delta);
    }),
});
