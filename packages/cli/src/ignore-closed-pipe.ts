/**
 * Lets a command go on where nobody reads its output any more, as behind `| head -1`: an import is resumed or finished,
 * an application that the doctor has started is ended, and the exit code is what it would have been.
 */
export function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
