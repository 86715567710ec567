import type { EventUid } from '../../catalogue/registered.js';
import { describe, invalidOption, TrackingError, wrongOption } from '../../errors.js';
import { isSnakeCase } from '../../event/snake-case.js';
import { findUnknownOption, readBoolean } from '../../option-checks.js';
import type { Reporter } from '../../reporting/reporter.js';
import { type Ignore, type RequestPatterns, requestPatterns } from '../rules/request-patterns.js';
import { readOrigin } from '../url/read-origin.js';

/** How pages are counted that the browser shows without asking the server for a document. */
export interface BrowserOptions<Request> {
  /**
   * Where the browser reports to; the script is at this path with `.js` at its end. A prefix that your proxy cuts does
   * not belong to it: the script reports next to where it was loaded from. `GET` of the path stays your application's.
   * @defaultValue '/seen'
   */
  path?: string | undefined;
  /**
   * The loaded documents that the browser counts in place of the server: `true` for all of them, or prefixes of the
   * path, patterns and functions, as in `ignore`. For a single-page application, whose `/` becomes `/inbox` once its
   * router runs.
   * @defaultValue none: the server counts documents, and the browser adds the pages that no document was asked for
   */
  documents?: boolean | readonly Ignore<Request>[] | undefined;
  /**
   * Other origins of the same site whose pages report here, such as `https://app.example.com` on a CDN, with the API on
   * `https://api.example.com`. Such an origin is then the one of the recorded URL.
   * @defaultValue []
   */
  origins?: readonly (string | URL)[] | undefined;
  /**
   * The events that the browser may record, for its own contact only. Their params are validated by the catalogue.
   * @defaultValue []
   */
  events?: readonly EventUid[] | undefined;
  /**
   * Whether your application is shown in a frame of another site's page. The browser then counts its documents too.
   * @defaultValue false
   */
  frames?: boolean | undefined;
}

/** The `browser` option, checked. */
export interface BrowserRules<Request> {
  readonly path: string;
  readonly scriptPath: string;
  readonly origins: ReadonlySet<string>;
  readonly events: ReadonlySet<string>;
  readonly countsFrames: boolean;
  /** The documents that are left to the browser. */
  readonly documents: RequestPatterns<Request>;
}

const optionNames: Readonly<Record<keyof BrowserOptions<unknown>, true>> = {
  path: true,
  documents: true,
  origins: true,
  events: true,
  frames: true,
};

/** @returns `undefined` where the option is off. */
export function readBrowserOptions<Request>(
  value: boolean | BrowserOptions<Request> | undefined,
  reporter: Pick<Reporter, 'call' | 'error'>,
): BrowserRules<Request> | undefined {
  if (value === undefined || value === false) return undefined;
  const options: BrowserOptions<Request> = value === true ? {} : value;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidOption('browser', `true, false or { ${Object.keys(optionNames).join(', ')} }`, value);
  }
  const unknown = findUnknownOption(options, optionNames);
  if (unknown) throw new TrackingError('invalid_options', `browser: ${unknown}`);
  const { documents = false, origins = [] } = options;
  if (typeof documents !== 'boolean' && !Array.isArray(documents)) {
    throw invalidOption('browser.documents', 'true, false or an array', documents);
  }
  if (!Array.isArray(origins)) throw invalidOption('browser.origins', 'an array', origins);
  const path = readPath(options.path ?? '/seen');
  return {
    path,
    scriptPath: `${path}.js`,
    origins: new Set(origins.map((origin, index) => readOrigin(`browser.origins[${index}]`, origin))),
    events: readEvents(options.events ?? []),
    countsFrames: readBoolean('browser.frames', options.frames, false),
    documents: requestPatterns('browser.documents', documents === true ? ['/'] : documents || [], reporter),
  };
}

function readPath(path: unknown): string {
  // What every browser sends as it is, and no router takes for a pattern.
  if (typeof path === 'string' && /^(?:\/[\w.~@-]+)+$/.test(path)) return path;
  const got = typeof path === 'string' && path !== '' ? JSON.stringify(path) : describe(path);
  throw wrongOption('browser.path', "a path such as '/seen', without a slash at its end", got);
}

function readEvents(events: unknown): ReadonlySet<string> {
  if (!Array.isArray(events)) throw invalidOption('browser.events', 'an array of event names', events);
  for (const [index, name] of events.entries()) {
    if (typeof name === 'string' && isSnakeCase(name)) continue;
    const got = typeof name === 'string' && name !== '' ? JSON.stringify(name) : describe(name);
    throw wrongOption(`browser.events[${index}]`, 'an event name in snake_case', got);
  }
  return new Set(events);
}
