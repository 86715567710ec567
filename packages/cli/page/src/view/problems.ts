import { type ReadonlySignal, signal } from '@preact/signals';

const problem = signal<string | undefined>(undefined);

/** The last action that failed, in a sentence for the reader. */
export const lastProblem: ReadonlySignal<string | undefined> = problem;

/** How long a problem is shown. */
const shownMs = 6000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Runs a request to the server, and shows it where it fails. `what` completes "Could not …". */
export async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    problem.value = undefined;
  } catch (error) {
    showProblem(`Could not ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Shows a problem for a while. */
export function showProblem(message: string): void {
  problem.value = message;
  clearTimeout(timer);
  timer = setTimeout(() => {
    problem.value = undefined;
  }, shownMs);
}
