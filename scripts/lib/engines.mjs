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
 * @property {(tests: TestedPackage) => boolean} isFor whether the tests of a package need it
 * @property {() => boolean} isThere
 * @property {string} apt its packages on Debian and Ubuntu
 * @property {readonly string[]} [brew] its package on macOS
 * @property {readonly (readonly string[])[]} [npm] the commands that get it through npm, without any rights
 */

/**
 * A package whose tests will run.
 *
 * @typedef {object} TestedPackage
 * @property {ReadonlySet<string>} dependencies what it has installed
 * @property {readonly string[]} files the test files that will run
 */

/** @type {Record<string, { variable: string, names: string[], elsewhere: string[] }>} */
const browsers = JSON.parse(readFileSync(join(root, 'tests/test-browser/executables.json'), 'utf8'));

/** @type {readonly Engine[]} */
export const engines = [
  {
    name: 'chromium',
    title: 'Chromium',
    isFor: ({ dependencies }) => dependencies.has('@successeve/test-browser'),
    isThere: () => findChromium() !== undefined,
    apt: 'chromium',
    brew: ['--cask', 'chromium'],
    npm: [[join(root, 'tests/test-browser/node_modules/.bin/playwright-core'), 'install', 'chromium']],
  },
  {
    name: 'firefox',
    title: 'Firefox',
    isFor: ({ files }) => files.some((file) => file.includes('.firefox.')),
    isThere: () => pathsOf('firefox').some(runs),
    apt: 'firefox-esr',
    brew: ['--cask', 'firefox'],
  },
  {
    name: 'webkit',
    title: 'WebKit',
    isFor: ({ files }) => files.some((file) => file.includes('.webkit.')),
    isThere: () =>
      [pathsOf('webkit'), pathsTo('Xvfb')].every((paths) => paths.some((path) => existsSync(path))),
    apt: 'webkit2gtk-driver xvfb',
  },
  {
    name: 'redis',
    title: 'Redis',
    isFor: ({ dependencies }) => dependencies.has('ioredis'),
    isThere: () => pathsTo('redis-server').some(runs),
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

/** A Chromium on this machine, where there is one. */
export function findChromium() {
  return [...pathsOf('chromium'), ...playwrightsOwn()].find(runs);
}

/** PATH, with what is in our own folder. */
export function pathWithEngines() {
  const { PATH = '' } = process.env;
  return [PATH, ...foldersWith('redis-server')].join(delimiter);
}

/** Where a program may be. @param {string} program */
function pathsTo(program) {
  return pathWithEngines()
    .split(delimiter)
    .map((folder) => join(folder, program));
}

/** The folders below ours with such a program. @param {string} program */
function foldersWith(program) {
  if (!existsSync(engineFolder)) return [];
  return readdirSync(engineFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === program)
    .map(({ parentPath }) => parentPath);
}

/** Where the suites look for a browser. @param {string} name */
function pathsOf(name) {
  const { variable = '', names = [], elsewhere = [] } = browsers[name] ?? {};
  return [process.env[variable] ?? '', ...names.flatMap(pathsTo), ...elsewhere];
}

/** The Chromium that Playwright installs. */
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
