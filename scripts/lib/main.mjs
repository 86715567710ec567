import { Failure } from './failure.mjs';

/**
 * Runs a command: passes it its arguments and a signal that says when to stop, and ends with the exit code it returns.
 *
 * @param {(args: string[], signal: AbortSignal) => Promise<number>} command
 */
export async function main(command) {
  const stopping = new AbortController();
  // Listened to for good: npm passes on a Ctrl-C that the terminal has sent to us already.
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(name, () => stopping.abort());
  }
  // Nobody reads it any more, as behind `| head`: then there is nothing to stay for.
  process.stdout.on('error', (error) => {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPIPE') throw error;
    stopping.abort();
  });
  try {
    process.exitCode = await command(process.argv.slice(2), stopping.signal);
  } catch (error) {
    process.exitCode = stopping.signal.aborted ? 130 : 1;
    if (stopping.signal.aborted) console.error('Stopped.');
    else console.error(error instanceof Failure ? error.message : error);
  }
}
