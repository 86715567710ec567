import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineFolder, engines, pathWithEngines } from './engines.mjs';
import { Failure } from './failure.mjs';
import { progress } from './progress.mjs';
import { root } from './repository.mjs';
import { run } from './run.mjs';

/** @import { Engine, TestedPackage } from './engines.mjs' */
/** @import { Task } from './tasks.mjs' */

/**
 * Installs the engines that tests need and this machine does not have.
 *
 * @param {readonly Task[]} tests those that will run
 * @param {boolean} isFull
 * @param {AbortSignal} signal
 * @returns the environment in which the tests find what is there, and what could not be installed, with what to do
 */
export async function bringEngines(tests, isFull, signal) {
  const tested = tests.map((task) => read(task, isFull));
  /** @type {string[]} */
  const names = [];
  /** @type {string[]} */
  const missing = [];
  for (const engine of engines) {
    if (!tested.some(engine.isFor) || engine.isThere() || (await install(engine, signal))) continue;
    names.push(engine.name);
    missing.push(`${engine.title} is missing: ${adviceOn(engine)}`);
    console.log(missing.at(-1));
  }
  return { env: { PATH: pathWithEngines(), MISSING_ENGINES: names.join(',') }, missing };
}

/** @param {Engine} engine */
function adviceOn({ apt, brew }) {
  if (process.platform === 'darwin' && brew) return `brew install ${brew.join(' ')}`;
  return `apt-get install ${apt}, or its package of another system`;
}

/**
 * Tries one way after the other, and returns whether the engine is there then.
 *
 * @param {Engine} engine
 * @param {AbortSignal} signal
 */
async function install({ title, apt, brew, npm, isThere }, signal) {
  const ways = [
    { by: 'apt-get', commands: aptCommands(apt) },
    { by: 'Homebrew', commands: brew && works('brew') ? [['brew', 'install', ...brew]] : [] },
    { by: 'npm', commands: npm ?? [] },
  ];
  for (const { by, commands } of ways) {
    if (commands.length === 0) continue;
    const installing = progress(`Installing ${title} with ${by}`, async () => {
      for (const command of commands)
        await run(command, { signal, env: { REDISMS_DOWNLOAD_DIR: engineFolder } });
      if (!isThere()) throw new Failure('It is not there.');
    });
    const isDone = await installing.then(
      () => true,
      () => false,
    );
    signal.throwIfAborted();
    if (isDone) return true;
  }
  return false;
}

/** As root, or where sudo asks for no password. @param {string} name */
function aptCommands(name) {
  if (!works('apt-get')) return [];
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !works('sudo', '-n', 'true')) return [];
  const script = `export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq ${name} || { apt-get update -qq && apt-get install -y -qq ${name}; }`;
  return [[...(isRoot ? [] : ['sudo', '-n']), 'sh', '-c', script]];
}

/** @param {string} command @param {string[]} args */
function works(command, ...args) {
  return spawnSync(command, args.length > 0 ? args : ['--version']).status === 0;
}

/**
 * @param {Task} task
 * @param {boolean} isFull
 * @returns {TestedPackage}
 */
function read({ directory }, isFull) {
  const folder = join(root, directory);
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = testFilesIn(folder).filter((name) => isFull || !name.includes('.full.'));
  return { dependencies: new Set(Object.keys({ ...dependencies, ...devDependencies })), files };
}

/** @param {string} folder @returns {string[]} */
function testFilesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return /\.test\.m?ts$/.test(entry.name) ? [entry.name] : [];
    return /^(?:node_modules|dist|\..*)$/.test(entry.name) ? [] : testFilesIn(join(folder, entry.name));
  });
}
