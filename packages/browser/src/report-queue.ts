import type { Report } from './protocol.js';
import { isPrerendering } from './visibility.js';

/** Most unanswered at once. A host gets six connections; a server that hangs must not take the application's. */
const maxUnanswered = 2;

/** Most that wait; the oldest give way. Our choice: as many as the server takes at once. */
const maxWaiting = 30;

const waiting: (() => void)[] = [];
let unanswered = 0;

/**
 * Sends a report as soon as few enough are unanswered, and at the latest when the document is hidden.
 *
 * @param describe Describes what happened. Called when the report is sent.
 * @param readHeaders Returns the headers of the report, or `null` where it must not be sent any more.
 */
export function send(
  path: string,
  describe: () => Report,
  readHeaders?: () => Record<string, string> | null,
): void {
  const post = async (): Promise<void> => {
    unanswered++;
    try {
      const headers = readHeaders?.();
      if (headers !== null) {
        const body = JSON.stringify(describe());
        await fetch(path, { method: 'POST', body, credentials: 'include', headers, keepalive: true });
      }
    } catch {
      // The server is away. The next report tries again.
    }
    unanswered--;
    sendWaiting();
  };
  waiting.push(post);
  if (waiting.length > maxWaiting) waiting.shift();
  sendWaiting();
}

/** Has to be called when the document is hidden or activated. */
export function sendWaiting(): void {
  while (waiting[0] && !isPrerendering() && (unanswered < maxUnanswered || document.hidden))
    waiting.shift()?.();
}
