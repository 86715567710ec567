import { firstPage } from './first-page.js';
import type { Report } from './protocol.js';
import { createReportQueue, type ReadHeaders } from './report-queue.js';
import { watchVisibility } from './visibility.js';
import { watchVisits } from './watch-visits.js';

export interface ReportingOptions {
  /**
   * Where the server takes reports: a path of the same origin, or a whole URL of another one.
   * @defaultValue '/seen'
   */
  path?: string;
  /**
   * Headers of each report, for applications whose session is a bearer token. Called for each report, so that the token
   * is the current one. Without it, a report carries the cookies of the site.
   */
  headers?: ReadHeaders;
  /**
   * Whether to report from inside of a frame, for applications that live in a page of another site.
   * @defaultValue false
   */
  frames?: boolean;
}

/** What watches a window. There is one, however many copies of this package are loaded there. */
export interface Reporter {
  start(options: ReportingOptions): void;
  /** There once it has started. */
  show?: (page: string) => void;
  add(describe: () => Report): void;
}

const key = Symbol.for('@successeve/browser');

/** The reporter of this window; `undefined` on a server. */
export function reporter(): Reporter | undefined {
  if (typeof document === 'undefined') return undefined;
  const owner = globalThis as { [key]?: Reporter };
  owner[key] ??= createReporter();
  return owner[key];
}

function createReporter(): Reporter {
  const queue = createReportQueue();
  const reporter: Reporter = {
    add: queue.add,
    start({ path = '/seen', headers, frames }) {
      if (self !== top && !frames) return;
      queue.sendTo(path, headers);
      if (reporter.show) return;
      const visits = watchVisits((visit) => {
        queue.add(() => {
          const first = firstPage(visit);
          return { page: visit.page, age: Date.now() - visit.appearedAt, ...(first && { first }) };
        });
      });
      reporter.show = visits.show;
      watchVisibility(() => {
        visits.visibilityChanged();
        queue.sendWaiting();
      });
    },
  };
  return reporter;
}
