import { Failure } from './failure.mjs';
import { machineNode, machineNodeVersion } from './machine-node.mjs';
import { bold } from './paint.mjs';
import { exampleNames } from './repository.mjs';
import { run } from './run.mjs';
import { install, step, turbo } from './setup.mjs';
import { readReport, removeReport, vitestCommand } from './vitest-report.mjs';

/**
 * What passed, as a number, and what failed, by name.
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {readonly string[]} failed
 */

/**
 * A part of `npm test`.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {boolean} [isRequired] whether the others make no sense without it
 * @property {(signal: AbortSignal) => Promise<Counts | void>} work throws where it fails; counts as one test where it
 *   does not count itself
 */

/** Turbo does not leave out what a failure has nothing to do with. */
const asFarAsPossible = '--continue=dependencies-successful';

const site = '@successeve/docs';
/** The documentation is a step of its own: nothing waits for it. */
const notTheSite = `--filter=!${site}`;

/** @type {readonly Step[]} */
export const steps = [
  { name: 'install', isRequired: true, work: install },
  {
    name: 'build',
    work: (signal) => step('Building the packages', turbo('build', notTheSite, asFarAsPossible), signal),
  },
  {
    name: 'lint',
    work: (signal) => step('Linting', ['node_modules/.bin/biome', 'ci', '.'], signal),
  },
  {
    name: 'types of the packages',
    work: (signal) => step('Checking the types of the packages', turbo('typecheck', asFarAsPossible), signal),
  },
  {
    name: 'types of the scripts',
    work: (signal) =>
      step('Checking the types of the scripts', ['node_modules/.bin/tsc', '-p', 'scripts'], signal),
  },
  {
    name: 'documentation',
    work: (signal) =>
      step('Building the documentation and checking its links', turbo('build', `--filter=${site}`), signal),
  },
  { name: 'tests', work: runTests },
  ...exampleNames().map((name) => ({
    name: `npm start -- ${name} --once`,
    work: (/** @type {AbortSignal} */ signal) => runExample(name, signal),
  })),
];

/** All tests, on the repository's own Node, but for what they start on the machine's. @param {AbortSignal} signal */
async function runTests(signal) {
  console.log(`\n${bold('Running the tests')}`);
  removeReport();
  const { isOk } = await run(vitestCommand, { signal, env: { MACHINE_NODE: machineNode }, isVisible: true });
  const counts = readReport();
  // Vitest fails for more than tests: for an error that nobody caught, for instance.
  if (!isOk && counts.failed.length === 0) return { ...counts, failed: ['vitest itself'] };
  return counts;
}

/**
 * The product as people meet it, on the Node that they have.
 *
 * @param {string} name
 * @param {AbortSignal} signal
 */
async function runExample(name, signal) {
  console.log(`\n${bold(`npm start -- ${name} --once, on Node ${machineNodeVersion}`)}`);
  const { isOk } = await run([machineNode, 'scripts/start.mjs', name, '--once'], { signal, isVisible: true });
  if (!isOk) throw new Failure(`The ${name} example does not do what it has to.`);
}
