import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What an installation of a package brings: itself and everything it depends on.
 *
 * @param {string} name
 * @param {string} [from] a folder that can import it
 * @param {Set<string>} [found] folders
 * @returns {{ packages: number, bytes: number }}
 */
export function installed(name, from = import.meta.dirname, found = new Set()) {
  const folder = find(name, from);
  if (folder && !found.has(folder)) {
    found.add(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) installed(dependency, folder, found);
  }
  const bytes = [...found].reduce((sum, path) => sum + sizeOf(path), 0);
  return { packages: found.size, bytes };
}

/** @param {string} name @param {string} from @returns {string | undefined} */
function find(name, from) {
  const path = join(from, 'node_modules', name);
  if (existsSync(join(path, 'package.json'))) return realpathSync(path);
  const above = dirname(from);
  return above === from ? undefined : find(name, above);
}

/** What a package publishes, which of one in this repository is not all that its folder holds. @param {string} folder */
function sizeOf(folder) {
  const { files } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const isOurs = !folder.includes('node_modules');
  const published = isOurs ? [...files, 'package.json', 'README.md'] : readdirSync(folder);
  return published.reduce(
    (/** @type {number} */ sum, /** @type {string} */ file) => sum + bytesIn(join(folder, file)),
    0,
  );
}

/** @param {string} path @returns {number} */
function bytesIn(path) {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || found.isSymbolicLink()) return 0;
  if (!found.isDirectory()) return found.size;
  if (path.endsWith('node_modules')) return 0;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}
