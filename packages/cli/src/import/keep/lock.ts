import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { CommandError } from '@successeve/command-line';

/**
 * Locks a file for one import at a time; the lock names the process that holds it.
 *
 * @returns a function that releases the lock; an `exit` listener may call it, and calling it twice is safe.
 * @throws CommandError while another process holds it
 */
export function lock(path: string): () => void {
  if (!create(path) && !(takeFromDead(path) && create(path))) {
    throw new CommandError(
      `this file is being imported by another process. If you are sure that it is not, delete ${path}`,
    );
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

/** Removes the lock that a killed process left behind. @returns whether it did */
function takeFromDead(path: string): boolean {
  const holder = readFileSync(path, 'utf8');
  if (isAlive(holder)) return false;
  const taken = `${path}.${process.pid}`;
  renameSync(path, taken);
  const isSame = readFileSync(taken, 'utf8') === holder;
  if (isSame) rmSync(taken);
  // Another process has replaced it in the meantime: that lock stays.
  else renameSync(taken, path);
  return isSame;
}

function isAlive(holder: string): boolean {
  const [host, pid] = holder.split(' ');
  // The processes of another machine are not visible here.
  if (host !== hostname() || !pid) return true;
  // In a container, the killed process had our own process id.
  if (Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
