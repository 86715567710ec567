import { renameSync } from 'node:fs';
import { filesOf } from '../file/open-database.js';
import { inodeOf } from '../file/open-file.js';

/**
 * Renames a damaged file, so that every process on it moves to a new one: a damaged file may lose what is written to it,
 * and may keep what is removed.
 *
 * @returns its new path.
 */
export function setAside(path: string): string {
  const aside = `${path}-damaged-${Date.now()}`;
  const names = filesOf(aside);
  // The file itself comes last: a process that starts right now should find it with its companions, or not at all.
  for (const [i, name] of [...filesOf(path).entries()].reverse()) {
    if (inodeOf(name) !== undefined) renameSync(name, names[i] as string);
  }
  return aside;
}
