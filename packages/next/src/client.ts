/** Set by `withSuccessEve`, and put in place of its name when the application is built. */
const relay = process.env.SUCCESSEVE_RELAY ?? '/api/successeve';

/** How long a page must be there to count: a redirect inside the browser leaves its first page faster. */
const settlingMs = 100;

type Drop = () => void;

// Kept by the page itself, since a hot reload evaluates this module again.
const startedKey = Symbol.for('@successeve/next/client');
const page = globalThis as { [startedKey]?: Drop };
page[startedKey] ??= start();

/** Called by Next when a navigation begins. A page that is replaced at once was the start of a redirect. */
export function onRouterTransitionStart(_url: string, type: string): void {
  if (type === 'replace') page[startedKey]?.();
}

/** Reports what the server cannot see. @returns what forgets a page that is not reported yet. */
function start(): Drop {
  const here = (): string => location.pathname + location.search;
  const [entry] = performance.getEntriesByType('navigation') as (PerformanceNavigationTiming & {
    activationStart?: number;
    deliveryType?: string;
    responseStatus?: number;
  })[];
  const initial = here();
  /** The page that this document was loaded for, if it was an error. */
  const failed = (entry?.responseStatus ?? 0) >= 400 ? initial : '';
  let last = initial;
  let pending: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const drop = (): void => {
    clearTimeout(timer);
    pending = undefined;
  };
  const send = (): void => {
    const url = pending;
    drop();
    if (url && !showsNoPage()) navigator.sendBeacon?.(relay, url);
  };
  const show = (path: string): void => {
    send();
    if (path !== failed) pending = location.origin + path;
  };
  const changed = (): void => {
    if (here() === last) return;
    last = here();
    show(last);
    timer = setTimeout(send, settlingMs);
  };

  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      changed();
    };
  }
  addEventListener('popstate', changed);
  addEventListener('pagehide', send);
  // Back from the back-forward cache.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    last = here();
    show(last);
    send();
  });

  const first = (): void => {
    // The server saw no request: the page was prerendered, prefetched, or in the browser's cache.
    const { activationStart, deliveryType, transferSize } = entry ?? {};
    if (activationStart || deliveryType === 'navigational-prefetch' || transferSize === 0) {
      show(initial);
      send();
    }
  };
  const loaded = (): void => {
    if (document.readyState === 'complete') first();
    else addEventListener('load', first);
  };
  if ((document as { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', loaded);
  } else loaded();
  return drop;
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
