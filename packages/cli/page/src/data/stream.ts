import { paths, type StreamMessage } from '../../../src/dev/protocol.js';

/** Between attempts to reach a server that is not there; it is on this machine, so that asking costs nothing. */
const retryMs = 1000;

/**
 * How long a page in the background stays connected. A browser has six connections to a server for all its tabs: a
 * seventh tab would wait for a forgotten one.
 */
const restMs = 600_000;

export interface StreamListener {
  message(message: StreamMessage): void;
  /** `lost`: the server does not respond; the page tries again. */
  state(state: 'live' | 'lost'): void;
  /** The run and its newest entry on the page: a new connection continues after it. */
  known(): { readonly runId: string; readonly newest: number } | undefined;
}

/** Follows the server for as long as the page is open. */
export function listen(listener: StreamListener): void {
  const known = listener.known();
  const source = new EventSource(
    known ? `${paths.stream}?after=${known.runId}/${known.newest}` : paths.stream,
  );
  source.onopen = () => listener.state('live');
  source.onmessage = ({ data }) => listener.message(JSON.parse(data) as StreamMessage);
  // The browser itself gives up after some failures.
  source.onerror = () => {
    stop();
    listener.state('lost');
    setTimeout(() => listen(listener), retryMs);
  };

  let rest: ReturnType<typeof setTimeout> | undefined;
  const watchTab = () => {
    clearTimeout(rest);
    if (document.hidden) rest = setTimeout(() => source.close(), restMs);
    else if (source.readyState === EventSource.CLOSED) {
      stop();
      listen(listener);
    }
  };
  const stop = () => {
    source.close();
    clearTimeout(rest);
    document.removeEventListener('visibilitychange', watchTab);
  };
  document.addEventListener('visibilitychange', watchTab);
}
