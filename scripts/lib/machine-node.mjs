import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { checkNode } from './check-node.mjs';
import { root } from './repository.mjs';

/**
 * The Node that is installed on this machine, on which the product has to run. `npm start` puts node_modules/.bin first
 * on PATH, so that once the repository's own Node is installed, it is that one which runs these scripts.
 */
export const machineNode = isOurs(process.execPath) ? findAnother() : process.execPath;

const version = execFileSync(machineNode, ['--version'], { encoding: 'utf8' }).trim();
checkNode(version);

/** Such as `20.19.0`. */
export const machineNodeVersion = version.slice(1);

function findAnother() {
  const { npm_node_execpath: npmNode, PATH = '' } = process.env;
  const candidates = PATH.split(delimiter).map((folder) => join(folder, 'node'));
  if (npmNode) candidates.unshift(npmNode);
  return candidates.find((path) => existsSync(path) && !isOurs(path)) ?? process.execPath;
}

/** @param {string} path */
function isOurs(path) {
  return realpathSync(path).startsWith(join(realpathSync(root), 'node_modules'));
}
