/** Calls `onChange` when the address was written, regardless of which router did it; it may be the same as before. */
export function watchUrl(onChange: (isReplaced: boolean) => void): void {
  if (window.navigation) {
    // It also sees `navigation.navigate()`, which no patch of `history` does.
    navigation.addEventListener('currententrychange', ({ navigationType }) => {
      // There is no type where only the state of the entry changed.
      if (navigationType) onChange(navigationType === 'replace');
    });
    return;
  }
  for (const method of ['pushState', 'replaceState'] as const) {
    const original = history[method];
    history[method] = (...args) => {
      // It throws where a browser limits the calls, and then nothing has changed.
      original.apply(history, args);
      onChange(method === 'replaceState');
    };
  }
  for (const type of ['popstate', 'hashchange']) addEventListener(type, () => onChange(false));
}
