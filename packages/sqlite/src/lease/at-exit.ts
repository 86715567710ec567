/** The callbacks of open queues for the end of the process. One listener serves them all. */
const callbacks = new Set<() => void>();

/**
 * Calls `callback` when the process ends by itself, by `process.exit()` or by an exception; not when it is killed.
 *
 * @returns a function that cancels this.
 */
export function whenProcessExits(callback: () => void): () => void {
  if (callbacks.size === 0) process.on('exit', callAll);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size === 0) process.removeListener('exit', callAll);
  };
}

function callAll(): void {
  for (const callback of callbacks) {
    try {
      callback();
    } catch {
      // The process ends; nothing can be reported any more.
    }
  }
}
