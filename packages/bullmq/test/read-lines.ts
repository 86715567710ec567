import type { ChildProcess } from 'node:child_process';

/** Calls `read` with each line that a process writes, to whichever stream. */
export function readLines(child: ChildProcess, read: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.on('data', (chunk: Buffer) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) read(line);
    });
  }
}
