import type { Report } from './protocol.js';
import { isPrerendering } from './visibility.js';

/** Most unanswered at once. A host gets six connections; a server that hangs must not take the application's. */
const maxUnanswered = 2;

/** Most that wait, the oldest give way: more than the server takes at once. */
const maxWaiting = 30;

export type ReadHeaders = () => Readonly<Record<string, string>> | null | undefined;

export interface ReportQueue {
  /** Where reports go from now on. What waits under another visitor's session is given up. */
  sendTo(path: string, readHeaders: ReadHeaders | undefined): void;
  /** @param describe Called when the report is sent. */
  add(describe: () => Report): void;
  sendWaiting(): void;
}

interface Waiting {
  readonly describe: () => Report;
  /** The headers that were the visitor's when it happened. */
  readonly headers: string | undefined;
}

export function createReportQueue(): ReportQueue {
  let path: string | undefined;
  let readHeaders: ReadHeaders | undefined;
  let waiting: Waiting[] = [];
  let unanswered = 0;

  const currentHeaders = (): Record<string, string> => {
    try {
      return { ...readHeaders?.() };
    } catch {
      // The application's own fault must not break its navigation.
      return {};
    }
  };
  const send = async (report: Report, headers: Record<string, string>): Promise<void> => {
    unanswered++;
    try {
      await fetch(path as string, {
        method: 'POST',
        body: JSON.stringify(report),
        credentials: 'include',
        headers,
        keepalive: true,
      });
    } catch {
      // The server is away. The next report finds out whether it is back.
    }
    unanswered--;
    sendWaiting();
  };
  const sendWaiting = (): void => {
    // A hidden document may be left for good, so nothing waits any longer.
    while (path && !isPrerendering() && (unanswered < maxUnanswered || document.hidden)) {
      const next = waiting.shift();
      if (!next) return;
      const headers = currentHeaders();
      if ((next.headers ?? JSON.stringify(headers)) === JSON.stringify(headers))
        send(next.describe(), headers);
    }
  };

  return {
    sendTo(newPath, newReadHeaders) {
      if (path) waiting = [];
      path = newPath;
      readHeaders = newReadHeaders;
      sendWaiting();
    },
    add(describe) {
      waiting.push({ describe, headers: path && JSON.stringify(currentHeaders()) });
      if (waiting.length > maxWaiting) waiting.shift();
      sendWaiting();
    },
    sendWaiting,
  };
}
