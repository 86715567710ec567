/**
 * Lets a command continue after the reader of its output has gone, as in `… | head -1`: an import finishes, the doctor
 * ends the application that it started, and the exit code stays the same.
 */
export function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
