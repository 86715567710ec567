import { readFileSync } from 'node:fs';

/**
 * Ends the process with a word of advice where Node is older than package.json asks for. Written so that an old Node
 * can read it.
 *
 * @param {string} version such as `v20.19.0`
 */
export function checkNode(version) {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const needed = manifest.engines.node.replace('>=', '');
  if (toNumber(version) >= toNumber(needed)) return;
  console.error(`This needs Node ${needed} or later, and found ${version}.`);
  console.error('Install a newer one from https://nodejs.org or with your version manager (nvm install 24),');
  console.error('open a new terminal, and try again.');
  process.exit(1);
}

/** Major and minor as one number: 20019 for 20.19. @param {string} version */
function toNumber(version) {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  return major * 1000 + minor;
}
