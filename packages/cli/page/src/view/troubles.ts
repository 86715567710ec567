import { type ReadonlySignal, signal } from '@preact/signals';

const trouble = signal<string | undefined>(undefined);

/** What could not be done, in a sentence for the reader. */
export const lastTrouble: ReadonlySignal<string | undefined> = trouble;

/** How long it is said. */
const sayMs = 6000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Asks the server for something, and says so where it cannot be had. `what` completes "Could not …". */
export async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    trouble.value = undefined;
  } catch (error) {
    tell(`Could not ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Says for a while what could not be done. */
export function tell(message: string): void {
  trouble.value = message;
  clearTimeout(timer);
  timer = setTimeout(() => {
    trouble.value = undefined;
  }, sayMs);
}
