import { type Signal, signal } from '@preact/signals';

/** The last action that failed, in a sentence for the reader. */
export const lastProblem: Signal<string | undefined> = signal();

const shownMs = 6000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Runs a request to the server, and shows it where it fails. `what` completes "Could not …". */
export async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    lastProblem.value = undefined;
  } catch (error) {
    showProblem(`Could not ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function showProblem(message: string): void {
  lastProblem.value = message;
  clearTimeout(timer);
  timer = setTimeout(() => {
    lastProblem.value = undefined;
  }, shownMs);
}
