import type { Paths, StreamMessage } from '../../../src/dev/protocol.js';

const path: Paths['stream'] = '/dev/stream';

/** Between attempts to reach a server that is not there; it is on this machine, so that asking costs nothing. */
const retryMs = 1000;

/**
 * How long a page in the background goes on listening. A browser has but six connections to a server for all its tabs,
 * and the seventh would wait for one that was forgotten.
 */
const restMs = 600_000;

export interface StreamListener {
  message(message: StreamMessage): void;
  /** `lost`: nobody answers; it is tried again. */
  state(state: 'live' | 'lost'): void;
  /** What is known of which run: when the connection is back, it goes on after that. */
  known(): { readonly runId: string; readonly newest: number } | undefined;
}

/** Listens to the server, for as long as the page is open. */
export function listen(listener: StreamListener): void {
  const known = listener.known();
  const source = new EventSource(known ? `${path}?after=${known.runId}/${known.newest}` : path);
  source.onopen = () => listener.state('live');
  source.onmessage = ({ data }) => listener.message(JSON.parse(data) as StreamMessage);
  // Not left to the browser: after some failures it gives up, and it does so without a word.
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
