import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { CommandError } from '@successeve/command-line';

/**
 * Makes sure that a file is imported once at a time: the lock names the process that does it.
 *
 * @returns what gives it free again; an `exit` listener may call it, and twice is once.
 * @throws CommandError while another process holds it
 */
export function lock(path: string): () => void {
  if (!create(path)) {
    takeFromDead(path);
    if (!create(path)) throw isHeld(path);
  }
  let isOurs = true;
  return () => {
    if (isOurs) rmSync(path, { force: true });
    isOurs = false;
  };
}

function create(path: string): boolean {
  try {
    writeFileSync(path, `${hostname()} ${process.pid}`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** A process that was killed leaves its lock behind. */
function takeFromDead(path: string): void {
  const holder = readFileSync(path, 'utf8');
  if (isAlive(holder)) throw isHeld(path);
  // Whoever else finds it may have taken it by now and put their own in its place: that one is not ours to remove.
  const taken = `${path}.${process.pid}`;
  renameSync(path, taken);
  if (readFileSync(taken, 'utf8') === holder) rmSync(taken);
  else {
    renameSync(taken, path);
    throw isHeld(path);
  }
}

function isAlive(holder: string): boolean {
  const [host, pid] = holder.split(' ');
  // Of another machine's processes we know nothing.
  if (host !== hostname() || !pid) return true;
  // In a container the process that was killed had our own number.
  if (Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

function isHeld(path: string): CommandError {
  return new CommandError(
    `this file is being imported by another process. If you are sure that it is not, delete ${path}`,
  );
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
