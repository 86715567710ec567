import { constants } from 'node:os';
import type { SignalExitCode } from '@successeve/command-line';

const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `stop` at the first signal to end; the second ends the process at once.
 *
 * @returns a function that removes the listeners.
 */
export function onSignal(stop: (signal: NodeJS.Signals) => void): () => void {
  let isStopping = false;
  const listener = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(exitCodeOf(signal));
    isStopping = true;
    stop(signal);
  };
  for (const signal of stopping) process.on(signal, listener);
  return () => {
    for (const signal of stopping) process.off(signal, listener);
  };
}

/** The exit code that a shell shows for a process that a signal ended. */
export function exitCodeOf(signal: NodeJS.Signals): SignalExitCode {
  return (128 + constants.signals[signal]) as SignalExitCode;
}
