/** Set by `withSuccessEve`, and put in place of its name when the application is built. */
const relay = process.env.SUCCESSEVE_RELAY ?? '/api/successeve';

/** How long a page must be there to count: a redirect inside the browser leaves its first page faster. */
const settlingMs = 100;

/** Next's Pages Router, where there is one: it tells nobody of its navigations but these listeners. */
interface PagesRouter {
  readonly events?: { on(event: string, listener: () => void): void };
}

type Hold = () => void;

// Kept by the page itself, since a hot reload evaluates this module again.
const startedKey = Symbol.for('@successeve/next/client');
const page = globalThis as { [startedKey]?: Hold | undefined; next?: { router?: PagesRouter } };
// What is shown in a frame is part of the page around it.
if (self === top) page[startedKey] ??= start();

/** Called by Next when a navigation begins. A page that is replaced at once was the start of a redirect. */
export function onRouterTransitionStart(_url: string, type: string): void {
  if (type === 'replace') page[startedKey]?.();
}

/** Reports what the server cannot see. @returns what keeps a page that has not settled from doing so. */
function start(): Hold {
  const here = (): string => location.pathname + location.search;
  const isPrerendering = (): boolean | undefined => (document as { prerendering?: boolean }).prerendering;
  const [entry] = performance.getEntriesByType('navigation') as (PerformanceNavigationTiming & {
    activationStart?: number;
    deliveryType?: string;
    responseStatus?: number;
  })[];
  /** The page that is shown, and since when. */
  let shown = here();
  let shownAt = performance.now();
  /** The page that was shown last for long enough; where it is another one, `shown` has yet to settle. */
  let settled = shown;
  /** The page that this document was loaded for, and whether that was an error. */
  let initial = shown;
  const failed = (entry?.responseStatus ?? 0) >= 400 ? shown : '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let router: PagesRouter | undefined;
  /** Whether the Pages Router has begun to go to a page that it does not show yet. */
  let isGoing = false;

  const report = (path: string, first?: object): void => {
    if (path === failed || showsNoPage()) return;
    const age = performance.now() - shownAt;
    navigator.sendBeacon?.(relay, JSON.stringify({ page: path, age, first }));
  };
  const hold = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const settle = (): void => {
    hold();
    settled = shown;
    report(shown);
  };
  // Called as well when a navigation has ended where it began: what was held goes on to settle.
  const changed = (): void => {
    if (router !== page.next?.router) {
      router = page.next?.router;
      router?.events?.on('routeChangeStart', () => {
        isGoing = true;
        hold();
      });
      router?.events?.on('routeChangeComplete', () => {
        isGoing = false;
        // It is there from now on, and not since its URL was.
        hold();
        changed();
      });
    }
    if (timer && here() === shown) return;
    hold();
    shown = here();
    shownAt = performance.now();
    if (isPrerendering()) settled = shown;
    if (shown !== settled && !isGoing) timer = setTimeout(settle, settlingMs);
  };

  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      changed();
    };
  }
  addEventListener('popstate', changed);
  // The Pages Router is there by now, and has not gone anywhere yet.
  addEventListener('load', changed);
  // It cannot settle any more, and whoever closes the browser saw it.
  addEventListener('pagehide', () => timer && settle());
  // Back from the back-forward cache.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    shown = here();
    shownAt = performance.now();
    settle();
  });

  const first = (): void => {
    if (!entry?.responseStart) return;
    const { activationStart, deliveryType, transferSize, serverTiming } = entry;
    const mark = serverTiming?.find(({ name }) => name === 'seen')?.description;
    const document = new URL(entry.name);
    // Whether the server has counted the document, it knows by its mark. Without one it was not asked: the page was
    // prerendered, prefetched, or in the browser's cache.
    const unasked = activationStart || deliveryType === 'navigational-prefetch' || (!mark && !transferSize);
    report(initial, {
      document: document.pathname + document.search,
      since: performance.now(),
      mark,
      unasked: !!unasked,
    });
  };
  const loaded = (): void => {
    // A page may have moved on before anybody saw it.
    initial = shown;
    if (document.readyState === 'complete') first();
    else addEventListener('load', first);
  };
  if (isPrerendering()) document.addEventListener('prerenderingchange', loaded);
  else loaded();
  return hold;
}

/** What React keeps of an element, as far as we look. */
interface Fiber {
  return?: Fiber;
  stateNode?: { state?: { triggeredStatus?: number } | null } | null;
}

/**
 * Whether Next shows `notFound()`, `forbidden()` or `unauthorized()` where the server had begun to answer 200. Next tells
 * robots, in words that pages use too; so this asks React whether they come from the boundary that shows such errors.
 */
function showsNoPage(): boolean {
  for (const meta of document.querySelectorAll('meta[name=robots][content=noindex]')) {
    const key = Object.keys(meta).find((name) => name.startsWith('__reactFiber$'));
    let fiber = (meta as unknown as Record<string, Fiber | undefined>)[key ?? ''];
    for (; fiber; fiber = fiber.return) if (fiber.stateNode?.state?.triggeredStatus) return true;
  }
  return false;
}
