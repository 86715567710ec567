#!/usr/bin/env node
import { runProgram } from './program.js';

for (const stream of [process.stdout, process.stderr]) {
  // A command continues after the reader of its output has gone, as in `… | head -1`: an import finishes, the doctor
  // ends the application that it started, and the exit code stays the same.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
await runProgram(process.argv.slice(2));
