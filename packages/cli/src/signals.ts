import { constants } from 'node:os';
import type { SignalExitCode } from '@successeve/command-line';

const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type OnSignal = (signal: NodeJS.Signals) => void;

/**
 * Calls `stop` at the first signal to end, and `stopNow` at further ones.
 *
 * @returns a function that removes the listeners.
 */
export function onSignal(stop: OnSignal, stopNow: OnSignal): () => void {
  let isStopping = false;
  const listener: OnSignal = (signal) => {
    const act = isStopping ? stopNow : stop;
    isStopping = true;
    act(signal);
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
