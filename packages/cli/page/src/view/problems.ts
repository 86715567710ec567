import { type ReadonlySignal, signal } from '@preact/signals';

const problem = signal<string | undefined>(undefined);

/** What could not be done, in a sentence for the reader. */
export const lastProblem: ReadonlySignal<string | undefined> = problem;

/** How long it is said. */
const sayMs = 6000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Asks the server for something, and says so where it cannot be had. `what` completes "Could not …". */
export async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    problem.value = undefined;
  } catch (error) {
    showProblem(`Could not ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Says for a while what could not be done. */
export function showProblem(message: string): void {
  problem.value = message;
  clearTimeout(timer);
  timer = setTimeout(() => {
    problem.value = undefined;
  }, sayMs);
}
