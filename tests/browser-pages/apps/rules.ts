// What a page has before the script starts: a clock that only the rules move, and short names for what a router does.

let now = Date.now();
const timers = new Map<number, { readonly callback: () => void; readonly at: number }>();

Date.now = () => now;
let lastTimer = 0;

const errors: string[] = [];
const keep = (...values: readonly unknown[]): void => void errors.push(values.join(' '));
Object.assign(console, { error: keep, warn: keep });
addEventListener('error', ({ message }) => keep(message));
addEventListener('unhandledrejection', ({ reason }) => keep(reason));

/** How many requests of the page have got a response, or never will. */
const requests = { ended: 0 };
const { fetch } = window;
window.fetch = (...args) => fetch(...args).finally(() => requests.ended++);

Object.assign(window, {
  errors,
  requests,
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
