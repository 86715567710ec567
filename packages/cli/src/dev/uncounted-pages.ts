import type { Entry } from './protocol.js';

/** How long a pageview may take after the first call of its page. */
const settleMs = 2000;

/** More distinct paths are not worth their memory. */
const mostPaths = 10_000;

/**
 * Finds pages that scripts name in the `Referer` of their calls, and that the application never counted or skipped: the
 * pages of a single-page application, which the server is never asked for.
 */
export class UncountedPages {
  /** The time of the first call of each page. */
  readonly #called = new Map<string, number>();
  readonly #handled = new Set<string>();

  add(entry: Entry): void {
    if (entry.type === 'accepted') this.#handle(pathOf(entry.visitUrl));
    if (entry.type !== 'report' || entry.report.type !== 'skipped') return;
    const { page, path, reason, at } = entry.report;
    if (page === undefined) this.#handle(reason === 'method' ? undefined : path);
    else if (!this.#called.has(page) && this.#called.size < mostPaths) this.#called.set(page, at);
  }

  /** The paths, as far as their pageviews would have arrived by now. */
  paths(now: number): readonly string[] {
    return [...this.#called]
      .filter(([path, at]) => now - at >= settleMs && !this.#handled.has(path))
      .map(([path]) => path);
  }

  #handle(path: string | undefined): void {
    if (path !== undefined && this.#handled.size < mostPaths) this.#handled.add(path);
  }
}

function pathOf(url = ''): string | undefined {
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}
