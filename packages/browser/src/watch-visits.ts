import { currentPage, withoutQuery } from './current-page.js';
import { isPrerendering, watchVisibility } from './visibility.js';
import { watchUrl } from './watch-url.js';

/** A page that another one follows sooner was a redirect. */
const redirectMs = 100;

/** A page that stays this long is a visit. */
const visitMs = 1500;

/**
 * Watches which page is shown. A new page is pending. It becomes a visit when it stays, when the visitor acts on it or
 * moves on from it, or when the document is hidden. It was a redirect if another page replaces it before that.
 *
 * @param onVisit Called with the page that was visited, when it appeared, and whether it is the first of the document and
 * the one that the document was loaded for.
 * @returns a function that shows a page without a URL of its own.
 */
export function watchVisits(
  onVisit: (page: string, appearedAt: number, isFirst: boolean) => void,
): (page: string) => void {
  let url = currentPage();
  let shown = url;
  /** The page of the last visit. */
  let visited: string | undefined;
  /** The page that the document was loaded for, until there is a visit. */
  let loaded: string | undefined = url;
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
    onVisit(shown, appearedAt, shown === loaded);
    visited = shown;
    loaded = undefined;
  };
  const wait = (): void => {
    stopWaiting();
    isPending = true;
    appearedAt = Date.now();
    // Before, the application's router may not have run, and so not have chosen the first page.
    if (isVisible && document.readyState === 'complete') timer = setTimeout(visit, visitMs);
  };
  const visitIfSeen = (): void => {
    if (isPending && isVisible && Date.now() - appearedAt >= redirectMs) visit();
  };
  const show = (page: string, isReplaced?: boolean): void => {
    if (page === shown) return;
    const isRenamed = isReplaced && withoutQuery(page) === withoutQuery(shown);
    if (isRenamed) {
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
    isVisible = !document.hidden && !isPrerendering();
    if (!isPending || isVisible === wasVisible) return;
    if (isVisible) wait();
    else visit();
  };
  visibilityChanged();
  watchVisibility(visibilityChanged);
  watchUrl((isReplaced) => {
    const page = currentPage();
    if (page === url) return;
    url = page;
    show(page, isReplaced);
  });
  for (const type of ['pointerdown', 'keydown']) addEventListener(type, visitIfSeen, true);
  // The document is loaded. Or it is back from the back-forward cache, which is another visit.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) {
      visited = undefined;
      isPending = true;
    }
    isVisible = false;
    visibilityChanged();
  });
  return show;
}
