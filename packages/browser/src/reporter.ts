import { firstPage } from './first-page.js';
import type { Report } from './protocol.js';
import { sendWaiting } from './report-queue.js';
import { watchVisibility } from './visibility.js';
import { watchVisits } from './watch-visits.js';

/** What watches a window: one, however many copies of this package are loaded there. */
export interface Reporter {
  /**
   * Sends a report under the session of the visitor that is there now.
   *
   * @param visited The page that it reports, where it is not of an event.
   */
  send(describe: () => Report, visited?: string): void;
  /** Shows a page without a URL of its own. */
  show(page: string): void;
}

const key = Symbol.for('@successeve/browser');
const owner = globalThis as { [key]?: Reporter };

/** The reporter of this window, where one was started. */
export const reporter = (): Reporter | undefined => owner[key];

/** Sends with `send` from now on, what the reporter sees that is there, or else one that it starts. */
export function startReporter(send: Reporter['send'], frames: boolean | undefined): void {
  if (self !== top && !frames) return;
  // Of this copy, whose `send` it is.
  watchVisibility(sendWaiting);
  const existing = owner[key];
  if (existing) {
    existing.send = send;
    return;
  }
  const started: Reporter = {
    send,
    show: watchVisits((page, appearedAt, isFirst) => {
      const describe = (): Report => ({
        page,
        age: Date.now() - appearedAt,
        first: isFirst ? firstPage(page) : undefined,
      });
      started.send(describe, page);
    }),
  };
  owner[key] = started;
}
