import { paths, type StreamMessage } from '../../../src/dev/protocol.js';
import { connection, hello, latest, take } from './state.js';

/** Between attempts to reach a server that is not there; it is on this machine, so that asking costs nothing. */
const retryMs = 1000;

/**
 * How long a page in the background stays connected. A browser has six connections to a server for all its tabs: a
 * seventh tab would wait for a forgotten one.
 */
const restMs = 600_000;

/** Follows the server for as long as the page is open; a new connection continues after the newest entry. */
export function followServer(): void {
  const runId = hello.peek()?.runId;
  const after = runId === undefined ? '' : `?after=${runId}/${latest.peek().received.ring.newest}`;
  const source = new EventSource(paths.stream + after);
  source.onopen = () => {
    connection.value = 'live';
  };
  source.onmessage = ({ data }) => take(JSON.parse(data) as StreamMessage);
  // The browser itself gives up after some failures.
  source.onerror = () => {
    stop();
    connection.value = 'lost';
    setTimeout(followServer, retryMs);
  };

  let rest: ReturnType<typeof setTimeout> | undefined;
  const watchTab = () => {
    clearTimeout(rest);
    if (document.hidden) rest = setTimeout(() => source.close(), restMs);
    else if (source.readyState === EventSource.CLOSED) {
      stop();
      followServer();
    }
  };
  const stop = () => {
    source.close();
    clearTimeout(rest);
    document.removeEventListener('visibilitychange', watchTab);
  };
  document.addEventListener('visibilitychange', watchTab);
}
