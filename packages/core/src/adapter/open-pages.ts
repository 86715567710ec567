import { startTimer, type Timer } from '../runtime/timers.js';
import type { Exchange } from './exchange.js';

/** How often open pages are looked at. */
const lookMs = 500;

/** How long a page was seen on the screen, at least, to count although it was left before its last part. Our choice. */
const readMs = 1_000;

/** A page whose response goes on. */
type OpenPage = Pick<Exchange<unknown>, 'hasBegunBody'>;

/**
 * Tracks since when a page is on the screen while its response goes on, such as one that is streamed: a visitor may read
 * it, and leave before its last slow part. Looks now and then at the pages that are open, so that a page which is sent
 * at once, as most are, costs next to nothing.
 */
export class OpenPages {
  /** With the time at which each was first seen to have begun; `undefined` before. */
  readonly #pages = new Map<OpenPage, number | undefined>();
  #timer: Timer | undefined;

  add(page: OpenPage): void {
    this.#pages.set(page, undefined);
    this.#timer ??= startTimer(() => this.#look(), lookMs);
  }

  /** Forgets a page, and returns whether it was on the screen for long enough to be read. */
  delete(page: OpenPage): boolean {
    const since = this.#pages.get(page);
    this.#pages.delete(page);
    return since !== undefined && performance.now() - since >= readMs;
  }

  #look(): void {
    this.#timer = this.#pages.size === 0 ? undefined : startTimer(() => this.#look(), lookMs);
    for (const [page, since] of this.#pages) {
      if (since === undefined && page.hasBegunBody?.()) this.#pages.set(page, performance.now());
    }
  }
}
