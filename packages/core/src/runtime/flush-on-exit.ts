import { nodeProcess } from './node-process.js';
import { startTimer, type Timer } from './timers.js';

/** A tracker, as far as the end of the process concerns it. */
export interface Exiting {
  readonly pending: number;
  /** Tries the API at once, even in the middle of a back-off. */
  probeAndFlush(options: { timeoutMs: number }): Promise<unknown>;
  /** Ends delivery, and resolves when no request is under way. What is tracked from now on waits in the queue. */
  stopDelivery(): Promise<unknown>;
  /**
   * Closes the queue, right before the process is gone: a durable queue keeps what waits for the next process, and the
   * loss of anything else is reported, both before this returns.
   */
  stop(): void;
  warn(message: string): void;
}

/** How long a flush may delay the end of the process. From the design: within what orchestrators grant. */
const timeoutMs = 5_000;

/** When to warn of what still waits: PM2 kills 1.6 s after its signal, and then it is too late for that. */
const warnAfterMs = 1_000;

const signals = ['SIGTERM', 'SIGINT'] as const;

/**
 * The trackers of this process. One listener serves them all, also across two copies of this module (ESM and
 * CommonJS): each would take the other's listener for the application's, and neither would end the process.
 */
interface Registry {
  readonly trackers: Set<Exiting>;
  stopListening: (() => void) | undefined;
}
const registryKey = Symbol.for('@successeve/core/flush-on-exit');
const shared = globalThis as { [registryKey]?: Registry };

/**
 * Flushes `tracker` when the process ends by itself, by SIGTERM or by SIGINT. Where no listener but ours exists,
 * the signal then takes its usual course.
 *
 * @returns what takes this back.
 */
export function flushOnExit(tracker: Exiting): () => void {
  if (typeof nodeProcess?.prependListener !== 'function') return () => {};
  const registry = shared[registryKey] ?? { trackers: new Set(), stopListening: undefined };
  shared[registryKey] = registry;
  registry.trackers.add(tracker);
  registry.stopListening ??= listen(registry.trackers, nodeProcess);
  return () => {
    registry.trackers.delete(tracker);
    if (registry.trackers.size > 0) return;
    registry.stopListening?.();
    registry.stopListening = undefined;
  };
}

/**
 * The first process of a container. The kernel keeps signals from it that it does not handle, even those that it sends
 * to itself: with or without us it lives on, until SIGKILL, and may serve requests and track.
 */
const firstPid = 1;

function stillPending(pending: number, signal: string): string {
  const events = pending === 1 ? '1 event is' : `${pending} events are`;
  return `${events} not delivered yet, ${warnAfterMs / 1000} s after ${signal}; what kills the process sooner than ${timeoutMs / 1000} s loses them (PM2: set kill_timeout)`;
}

function listen(trackers: ReadonlySet<Exiting>, host: NodeJS.Process): () => void {
  const hasPending = (): boolean => [...trackers].some(({ pending }) => pending > 0);
  const flushAll = (): Promise<unknown> =>
    Promise.all([...trackers].map((tracker) => tracker.probeAndFlush({ timeoutMs })));
  let hasFailedToEmpty = false;
  let isLeaving = false;
  let warning: Timer | undefined;

  const beforeExit = (): void => {
    // What five seconds could not deliver, another five would not: the process may end.
    if (hasFailedToEmpty || !hasPending()) return;
    void flushAll().then(() => {
      hasFailedToEmpty = hasPending();
    });
  };

  /** The last moment: nothing asynchronous happens any more, however the process ends. */
  const stopAll = (): void => {
    for (const tracker of trackers) tracker.stop();
  };

  /** Warns of what still waits, before the process may be killed. */
  const warnSoon = (signal: string): void => {
    if (warning) return;
    warning = startTimer(() => {
      warning = undefined;
      for (const tracker of trackers) {
        if (tracker.pending > 0) tracker.warn(stillPending(tracker.pending, signal));
      }
    }, warnAfterMs);
  };

  const onSignal = (signal: NodeJS.Signals): void => {
    // Ours runs first, so that even those who listen once are still counted.
    const isOursAlone = host.listenerCount(signal) === 1;
    if (hasPending() && !isLeaving) warnSoon(signal);
    if (!isOursAlone || host.pid === firstPid) {
      if (hasPending()) void flushAll();
      return;
    }
    const leave = async (): Promise<void> => {
      await Promise.all([...trackers].map((tracker) => tracker.stopDelivery()));
      // In the turn in which the process ends: an event that is tracked after this would be lost.
      stopAll();
      // Not before: one more signal must not end the process in the middle of that.
      stopListening();
      host.kill(host.pid, signal);
    };
    // A second signal means: do not wait.
    if (isLeaving || !hasPending()) return void leave();
    isLeaving = true;
    void flushAll().then(leave);
  };

  const stopListening = (): void => {
    host.removeListener('beforeExit', beforeExit);
    host.removeListener('exit', stopAll);
    for (const signal of signals) host.removeListener(signal, onSignal);
  };
  host.on('beforeExit', beforeExit);
  host.on('exit', stopAll);
  for (const signal of signals) host.prependListener(signal, onSignal);
  return stopListening;
}
