import { isPromiseLike } from '../reporter.js';
import { remembering } from './remembering.js';

type IsBot = (userAgent: string) => boolean;

let isBotNow: IsBot | undefined;
let loading: Promise<IsBot> | undefined;

/** Loads the list of bots, once. It is not part of the start-up: many processes never see a page. */
export function loadBots(): Promise<IsBot> {
  loading ??= import('isbot').then(({ isbot }) => {
    // The list is one long pattern.
    isBotNow = remembering(isbot);
    return isBotNow;
  });
  return loading;
}

/** Whether a user agent is a bot's; a promise only until the list is loaded. Where it cannot be, nobody is a bot. */
export function isBot(userAgent: string): boolean | Promise<boolean> {
  if (isBotNow) return isBotNow(userAgent);
  return loadBots().then(
    (isBotLoaded) => isBotLoaded(userAgent),
    () => false,
  );
}

/**
 * Goes on with a value that may still be on its way, at once where it is not.
 *
 * @returns what settles once `next` is done, where the value was still on its way.
 */
export function whenReady<Value>(
  value: Value | PromiseLike<Value>,
  next: (value: Value) => unknown,
): Promise<unknown> | undefined {
  if (!isPromiseLike(value)) {
    next(value as Value);
    return undefined;
  }
  return Promise.resolve(value as PromiseLike<Value>).then(next);
}
