import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { root } from './repository.mjs';

/** Where `npm test` keeps what it installs without the system's package manager. */
export const engineFolder = join(root, 'node_modules/.engines');

/**
 * A program that tests need and npm does not bring.
 *
 * @typedef {object} Engine
 * @property {string} name as in `MISSING_ENGINES`
 * @property {string} title
 * @property {string} driver the package with which tests use it: who depends on that needs the engine
 * @property {boolean} [isForFull] whether only `npm run test:full` needs it
 * @property {() => boolean} isThere
 * @property {string} apt its package on Debian and Ubuntu
 * @property {readonly string[]} [brew] its package on macOS
 * @property {readonly (readonly string[])[]} npm the commands that get it through npm, without any rights
 */

/** @type {readonly Engine[]} */
export const engines = [
  {
    name: 'chromium',
    title: 'Chromium',
    driver: '@successeve/test-browser',
    isThere: () => chromiumPaths().some(runs),
    apt: 'chromium',
    brew: ['--cask', 'chromium'],
    npm: [[join(root, 'tests/test-browser/node_modules/.bin/playwright-core'), 'install', 'chromium']],
  },
  {
    name: 'redis',
    title: 'Redis',
    driver: 'ioredis',
    isThere: () => isOnPath('redis-server'),
    apt: 'redis-server',
    brew: ['redis'],
    // The second gets the source and compiles it.
    npm: [
      [
        'npm',
        'install',
        '--ignore-scripts',
        '--no-audit',
        '--prefix',
        engineFolder,
        'redis-memory-server@0.17.1',
      ],
      ['node', join(engineFolder, 'node_modules/redis-memory-server/scripts/postinstall.js')],
    ],
  },
];

/** PATH with what is in our own folder. */
export function pathWithEngines() {
  const { PATH = '' } = process.env;
  return [PATH, ...foldersWith('redis-server')].join(delimiter);
}

/** @param {string} program */
function isOnPath(program) {
  return pathWithEngines()
    .split(delimiter)
    .some((folder) => runs(join(folder, program)));
}

/** The folders below ours with such a program. @param {string} program */
function foldersWith(program) {
  if (!existsSync(engineFolder)) return [];
  return readdirSync(engineFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === program)
    .map(({ parentPath }) => parentPath);
}

function chromiumPaths() {
  /** @type {string[]} */
  const usual = JSON.parse(readFileSync(join(root, 'tests/test-browser/chromium-paths.json'), 'utf8'));
  const { CHROMIUM } = process.env;
  return [...(CHROMIUM ? [CHROMIUM] : []), ...usual, ...playwrightsOwn()];
}

function playwrightsOwn() {
  try {
    const { chromium } = createRequire(join(root, 'tests/test-browser/package.json'))('playwright-core');
    return [chromium.executablePath()];
  } catch {
    return [];
  }
}

/** Whether a program is there and starts: on Ubuntu some are only a hint at what to install. @param {string} path */
function runs(path) {
  return existsSync(path) && spawnSync(path, ['--version']).status === 0;
}
