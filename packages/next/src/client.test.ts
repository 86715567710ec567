import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

// What it does is tested in a browser as well: test/.
const script = readFileSync(fileURLToPath(new URL('../dist/client.mjs', import.meta.url)), 'utf8');

it('is under 1.1 kB, compressed', () => {
  expect(gzipSync(script).byteLength).toBeLessThan(1_100);
});

it('imports nothing, and keeps nothing on the device', () => {
  expect(script).not.toMatch(/\bimport\b|\brequire\b|cookie|localStorage|sessionStorage|indexedDB/i);
});

/** As much of a browser as the script sees, with the script in it. */
class Tab {
  /** The paths that were reported. */
  readonly reported: string[] = [];
  readonly document = Object.assign(new EventTarget(), {
    readyState: 'complete',
    prerendering: false,
    querySelectorAll: () => [],
  });
  readonly next: { router?: { events: { on(event: string, listener: () => void): void } } } = {};
  readonly #window = new EventTarget();
  readonly #routerListeners = new Map<string, () => void>();
  readonly #entries: string[];
  #index = 0;
  /** What a module of this page exports to Next. */
  #client: typeof import('./client.js') | undefined;

  constructor(path = '/') {
    this.#entries = [path];
  }

  async open(entry: object = {}, top: unknown = globalThis): Promise<this> {
    const tab = this;
    const history = {
      pushState: (_state: unknown, _: string, path: string) => {
        this.#entries.splice(++this.#index, Number.POSITIVE_INFINITY, path);
      },
      replaceState: (_state: unknown, _: string, path: string) => {
        this.#entries[this.#index] = path;
      },
    };
    const location = {
      origin: 'https://app.example',
      get pathname() {
        return tab.#url.pathname;
      },
      get search() {
        return tab.#url.search;
      },
    };
    const globals = { self: globalThis, top, document: this.document, next: this.next, history, location };
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
    vi.stubGlobal('addEventListener', this.#window.addEventListener.bind(this.#window));
    vi.stubGlobal('navigator', {
      sendBeacon: (_relay: string, body: string) => {
        const { page, first } = JSON.parse(body);
        // The others, the server has answered and counted itself.
        if (!first || first.unasked) this.reported.push(page);
      },
    });
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([
      { name: 'https://app.example/', responseStart: 1, transferSize: 1, ...entry } as never,
    ]);
    vi.resetModules();
    this.#client = await import('./client.js');
    return this;
  }

  push(path: string): void {
    history.pushState(null, '', path);
  }

  replace(path: string): void {
    history.replaceState(null, '', path);
  }

  back(): void {
    this.#index--;
    this.fire('popstate');
  }

  fire(type: string, properties: object = {}): void {
    this.#window.dispatchEvent(Object.assign(new Event(type), properties));
  }

  /** What the App Router tells when it begins a navigation. */
  begin(type: 'push' | 'replace' | 'traverse'): void {
    this.#client?.onRouterTransitionStart('/anywhere', type);
  }

  /** The Pages Router, which begins and ends a navigation. */
  addPagesRouter(): void {
    const on = (event: string, listener: () => void): void => void this.#routerListeners.set(event, listener);
    this.next.router = { events: { on } };
  }

  emit(event: 'routeChangeStart' | 'routeChangeComplete'): void {
    this.#routerListeners.get(event)?.();
  }

  get #url(): URL {
    return new URL(this.#entries[this.#index] ?? '', 'https://app.example');
  }
}

const stay = (ms = 100): void => void vi.advanceTimersByTime(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  Reflect.deleteProperty(globalThis, Symbol.for('@successeve/next/client'));
});

describe('a page that the browser shows by itself', () => {
  it('is reported when it has been there for a tenth of a second', async () => {
    const tab = await new Tab().open();
    tab.push('/a?b=1#c');
    stay(99);
    expect(tab.reported).toEqual([]);
    stay(1);
    tab.replace('/d');
    stay();
    tab.back();
    stay();
    expect(tab.reported).toEqual(['/a?b=1', '/d', '/']);
  });

  it('is not reported where another one takes its place before', async () => {
    const tab = await new Tab().open();
    for (const n of [1, 2, 3]) tab.replace(`/a?c=${n}`);
    stay(50);
    tab.replace('/a?c=4');
    stay(99);
    tab.push('/b');
    stay();
    tab.push('/c');
    stay();
    tab.back();
    tab.back();
    stay();
    expect(tab.reported).toEqual(['/b', '/c', '/a?c=4']);
  });

  it('is not reported again where the browser comes back to it before another one has settled', async () => {
    const tab = await new Tab().open();
    tab.push('/?x');
    tab.push('/');
    stay();
    expect(tab.reported).toEqual([]);
  });

  it('settles although its URL is written again and again', async () => {
    const tab = await new Tab().open();
    tab.push('/a');
    for (let i = 0; i < 4; i++) {
      stay(30);
      tab.replace('/a#part');
    }
    expect(tab.reported).toEqual(['/a']);
  });

  it('is reported when the browser leaves the document before, and once', async () => {
    const tab = await new Tab().open();
    tab.push('/a');
    tab.fire('pagehide');
    stay();
    tab.fire('pagehide');
    expect(tab.reported).toEqual(['/a']);
  });

  it('is reported when it comes back from the back-forward cache', async () => {
    const tab = await new Tab().open();
    tab.fire('pagehide');
    tab.fire('pageshow', { persisted: true });
    tab.fire('pageshow', { persisted: false });
    expect(tab.reported).toEqual(['/']);
  });

  it('is not reported in a frame, nor in one of another site', async () => {
    const tab = await new Tab().open({ transferSize: 0 }, {});
    tab.push('/a');
    tab.begin('replace');
    stay();
    expect(tab.reported).toEqual([]);
  });

  it('is not reported where it was an error, also when the browser comes back to it', async () => {
    const tab = await new Tab('/gone').open({ responseStatus: 404 });
    tab.push('/a');
    stay();
    tab.back();
    stay();
    expect(tab.reported).toEqual(['/a']);
  });
});

describe('the start of a redirect inside the browser', () => {
  it('is not reported, however long the App Router takes', async () => {
    const tab = await new Tab().open();
    tab.push('/guarded');
    tab.begin('replace');
    stay(1_000);
    tab.replace('/login');
    stay();
    expect(tab.reported).toEqual(['/login']);
  });

  it('is not reported, however long the Pages Router takes', async () => {
    const tab = await new Tab().open();
    tab.addPagesRouter();
    tab.push('/guarded');
    tab.emit('routeChangeStart');
    stay(1_000);
    tab.replace('/login');
    tab.emit('routeChangeComplete');
    stay();
    expect(tab.reported).toEqual(['/login']);
  });

  it('is not reported, however long the Pages Router takes to show it', async () => {
    const tab = await new Tab().open();
    tab.addPagesRouter();
    tab.push('/a');
    stay();
    tab.emit('routeChangeStart');
    tab.push('/guarded');
    stay(1_000);
    tab.emit('routeChangeComplete');
    tab.emit('routeChangeStart');
    stay(1_000);
    tab.replace('/login');
    tab.emit('routeChangeComplete');
    stay();
    expect(tab.reported).toEqual(['/a', '/login']);
  });

  it('is reported where it leads back to itself', async () => {
    const tab = await new Tab().open();
    tab.push('/a');
    tab.begin('replace');
    stay();
    tab.replace('/a#top');
    stay();
    tab.addPagesRouter();
    tab.push('/b');
    tab.emit('routeChangeStart');
    stay();
    tab.emit('routeChangeComplete');
    stay();
    expect(tab.reported).toEqual(['/a', '/b']);
  });

  it('does not take back a page that has settled', async () => {
    const tab = await new Tab().open();
    tab.push('/a');
    stay();
    tab.begin('replace');
    tab.replace('/a?b');
    stay();
    expect(tab.reported).toEqual(['/a', '/a?b']);
  });
});

describe('the page that a document is loaded for', () => {
  it('is reported where the server saw no request', async () => {
    const known = await new Tab().open();
    expect(known.reported).toEqual([]);
    Reflect.deleteProperty(globalThis, Symbol.for('@successeve/next/client'));
    const cached = await new Tab().open({ transferSize: 0 });
    expect(cached.reported).toEqual(['/']);
  });

  it('is what is shown when a prerendered document is visited', async () => {
    const tab = new Tab();
    tab.document.prerendering = true;
    await tab.open({ activationStart: 1 });
    tab.push('/a');
    tab.replace('/b');
    stay();
    expect(tab.reported).toEqual([]);
    tab.document.prerendering = false;
    tab.document.dispatchEvent(new Event('prerenderingchange'));
    stay();
    expect(tab.reported).toEqual(['/b']);
  });
});
