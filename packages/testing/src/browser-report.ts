import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Report } from '@successeve/browser/server';
import { checkBoolean, checkNames } from './check-option.js';
import type { EventName } from './matchers/expected.js';
import { type ReportTarget, withUrl } from './report-target.js';

/** How a report is sent. */
export interface ReportOptions {
  /** The headers that show who the visitor is, such as `cookie` or `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Where the application takes reports: its option `browser.path`.
   * @defaultValue '/seen'
   */
  readonly path?: string | undefined;
}

/** How a page is reported. */
export interface ReportPageOptions extends ReportOptions {
  /**
   * Whether this is the page that the document was loaded for. The server then records it only if its option
   * `browser.documents` leaves that document to the browser by its path; it counted the others when it answered them. A
   * function in `browser.documents` is not called, since no document is requested.
   * @defaultValue false: a page that the browser showed without asking the server for a document
   */
  readonly first?: boolean | undefined;
}

/** How an event is reported. */
export interface ReportEventOptions extends ReportOptions {
  /** Attributes of the event, as JSON can carry them. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** What a browser sends with each report. Node's own user agent is that of a bot. */
const browserHeaders = {
  accept: '*/*',
  'content-type': 'text/plain;charset=UTF-8',
  'sec-fetch-dest': 'empty',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'same-origin',
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
};

/**
 * Reports a page as the script in a browser does: the application records it as a pageview of the visitor whose headers
 * the report carries.
 *
 * It resolves when the application has taken the report. Whether the page counted is then to be seen in the recorder,
 * after `await recorder.flush()`.
 *
 * @param page - path and query of the page; also its fragment, where that begins with `#/` or `#!/`
 * @throws Error where the application does not answer 204, as it does for every report that it takes
 * @example await reportPage(app, '/inbox', { headers: { cookie: 'user=7' } })
 */
export async function reportPage(
  target: ReportTarget,
  page: string,
  options: ReportPageOptions = {},
): Promise<void> {
  checkNames('options', options, ['headers', 'path', 'first']);
  checkBoolean('first', options.first);
  if (!page.startsWith('/')) {
    throw new TypeError(`page: expected a path such as '/inbox', got '${page}'`);
  }
  const [document = page] = page.split('#', 1);
  const first = options.first ? { document, since: 0 } : undefined;
  await send(target, { page, age: 0, first }, options);
}

/**
 * Reports an event as `event()` of `@successeve/browser` does: the application records it for the visitor whose headers
 * the report carries, if its option `browser.events` lists it.
 *
 * It resolves when the application has taken the report. Whether it recorded the event is then to be seen in the
 * recorder, after `await recorder.flush()`.
 *
 * @throws Error where the application does not answer 204, as it does for every report that it takes
 * @example await reportEvent(app, 'filter_saved', { params: { filter: 'overdue' }, headers: { cookie: 'user=7' } })
 */
export async function reportEvent(
  target: ReportTarget,
  eventUid: EventName,
  options: ReportEventOptions = {},
): Promise<void> {
  checkNames('options', options, ['headers', 'path', 'params']);
  await send(target, { event: eventUid, params: options.params, age: 0 }, options);
}

function send(
  target: ReportTarget,
  report: Report,
  { path = '/seen', headers }: ReportOptions,
): Promise<void> {
  return withUrl(target, async (base) => {
    const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
    const status = await post(url, JSON.stringify(report), {
      ...browserHeaders,
      origin: url.origin,
      ...lowerCased(headers),
    });
    if (status !== 204) throw new Error(`POST ${url}: expected 204, got ${status}: ${causeOf(status)}`);
  });
}

/** A later header replaces an earlier one, in whichever case both are written. */
function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

// Not `fetch`, which tests often replace.
function post(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    // Without an agent the connection ends with the response, so that the server can be closed.
    const outgoing = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response
        .on('error', reject)
        .on('end', () => resolve(response.statusCode))
        .resume();
    });
    outgoing.on('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new Error(`POST ${url}: expected 204, got no response: ${cause.code ?? cause.message}`, { cause }),
      );
    });
    outgoing.end(body);
  });
}

function causeOf(status = 0): string {
  if (status === 404) {
    return 'browserReports() is not mounted, or the option `browser` is off, or its `path` differs';
  }
  if (status === 401 || status === 403 || (status >= 300 && status < 400)) {
    return 'a check for sign-in or CSRF stands before browserReports()';
  }
  return 'browserReports() did not answer it';
}
