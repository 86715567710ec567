import { currentPage, withoutQuery } from './current-page.js';
import { isPrerendering } from './visibility.js';
import { watchUrl } from './watch-url.js';

/** A page that another one follows sooner was a redirect. */
const redirectMs = 100;

/** A page that stays this long is a visit. */
const visitMs = 1500;

/** A page that was really visited. */
export interface Visit {
  readonly page: string;
  /** When it appeared, as `Date.now()`. */
  readonly appearedAt: number;
  /**
   * Set where the visit shows the page that the document was loaded for: `restored` after a return from the
   * back-forward cache.
   */
  readonly document: 'loaded' | 'restored' | undefined;
}

export interface Visits {
  /** Shows a page that has no URL of its own. */
  show(page: string): void;
  /** Has to be called when the document is hidden, shown, or activated after it was prerendered. */
  visibilityChanged(): void;
}

/**
 * Watches which page is shown. A new page is pending. It becomes a visit when it stays, when the visitor acts on it or
 * moves on from it, or when the document is hidden. It was a redirect if another page replaces it before that.
 */
export function watchVisits(onVisit: (visit: Visit) => void): Visits {
  let url = currentPage();
  let shown = url;
  /** The page of the last visit. */
  let visited: string | undefined;
  /** The page that the document was loaded for, until the first visit. */
  let loaded: string | undefined = url;
  let document: 'loaded' | 'restored' = 'loaded';
  let isPending = true;
  let isVisible = false;
  let appearedAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stopWaiting = (): void => {
    isPending = false;
    clearTimeout(timer);
  };
  const visit = (): void => {
    stopWaiting();
    onVisit({ page: shown, appearedAt, document: shown === loaded ? document : undefined });
    visited = shown;
    loaded = undefined;
  };
  const wait = (): void => {
    isPending = true;
    appearedAt = Date.now();
    clearTimeout(timer);
    // What is not visible yet has its time to come.
    if (isVisible) timer = setTimeout(visit, visitMs);
  };
  const visitIfSeen = (): void => {
    if (isPending && isVisible && Date.now() - appearedAt >= redirectMs) visit();
  };
  const show = (page: string, isReplaced?: boolean): void => {
    if (page === shown) return;
    if (isReplaced && withoutQuery(page) === withoutQuery(shown)) {
      // Filters are not visits: the page has another name now.
      if (visited === shown) visited = page;
      if (loaded === shown) loaded = page;
      shown = page;
      return;
    }
    if (!isReplaced) visitIfSeen();
    stopWaiting();
    shown = page;
    // A return from a page that was never a visit is not a second visit.
    if (shown !== visited) wait();
  };
  const visibilityChanged = (): void => {
    const wasVisible = isVisible;
    isVisible = !globalThis.document.hidden && !isPrerendering();
    if (!isPending || wasVisible === isVisible) return;
    if (isVisible) wait();
    else visit();
  };

  visibilityChanged();
  watchUrl((isReplaced) => {
    const page = currentPage();
    if (page === url) return;
    url = page;
    show(page, isReplaced);
  });
  for (const type of ['pointerdown', 'keydown']) addEventListener(type, visitIfSeen, true);
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    visited = undefined;
    loaded = shown;
    document = 'restored';
    wait();
  });
  return { show, visibilityChanged };
}
