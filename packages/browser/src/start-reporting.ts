import { send } from './report-queue.js';
import { startReporter } from './reporter.js';

export interface ReportingOptions {
  /**
   * Where the server takes reports: a path of the same origin, or the whole URL of another origin of the same site.
   * @defaultValue '/seen'
   */
  path?: string;
  /**
   * The headers of each report, for applications whose session is a bearer token. Called for each report, so that the
   * token is the current one. Cookies are sent in any case.
   */
  headers?: () => Readonly<Record<string, string>> | null | undefined;
  /**
   * Whether to report from within a frame, for applications that live in a page of another site.
   * @defaultValue false
   */
  frames?: boolean;
  /**
   * Whether what is shown under a path and query is a page, for applications that show errors of their own: the server
   * knows only of those that it answered itself. Called when a page becomes a visit; the address bar may name the next
   * page then.
   * @defaultValue () => true
   */
  isPage?: (page: string) => boolean;
}

let starts = 0;

/**
 * Reports to the server which pages the browser shows, with any router. Call it once, where the application
 * starts. On a server it does nothing.
 *
 * Call it again when another visitor has signed in without a reload: reports that still wait are given up then, instead
 * of being sent in the name of the next visitor. An application with `headers` need not, since other headers mean
 * another visitor.
 */
export function startReporting({ path = '/seen', headers, frames, isPage }: ReportingOptions = {}): void {
  if (typeof document === 'undefined') return;
  const start = ++starts;
  const readHeaders = (): Record<string, string> => ({ ...callSafely(headers) });
  startReporter((describe, visited) => {
    if (visited && callSafely(() => isPage?.(visited)) === false) return;
    const before = JSON.stringify(readHeaders());
    send(path, describe, () => {
      const now = readHeaders();
      return start === starts && JSON.stringify(now) === before ? now : null;
    });
  }, frames);
}

/** A fault of the application's must not break its navigation. */
function callSafely<Result>(callback: (() => Result) | undefined): Result | undefined {
  try {
    return callback?.();
  } catch {
    return undefined;
  }
}
