/** What open queues have to do when the process ends. One listener serves them all. */
const duties = new Set<() => void>();

/**
 * Calls `duty` when the process ends by itself, by `process.exit()` or by an exception; not when it is killed.
 *
 * @returns what takes this back.
 */
export function whenProcessExits(duty: () => void): () => void {
  if (duties.size === 0) process.on('exit', fulfil);
  duties.add(duty);
  return () => {
    duties.delete(duty);
    if (duties.size === 0) process.removeListener('exit', fulfil);
  };
}

function fulfil(): void {
  for (const duty of duties) {
    try {
      duty();
    } catch {
      // The process ends; there is nobody left to tell.
    }
  }
}
