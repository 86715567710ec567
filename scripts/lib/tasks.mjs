import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './repository.mjs';
import { run } from './run.mjs';
import { failureOf, env as setupEnv, turbo } from './setup.mjs';

/**
 * A task as turbo writes it, planned or done.
 *
 * @typedef {object} Task
 * @property {string} taskId such as `@successeve/core#test`
 * @property {string} task
 * @property {string} directory of its package, from the root
 * @property {string} command `<NONEXISTENT>` where the package has no such script
 * @property {{ status: 'HIT' | 'MISS' }} cache
 * @property {{ exitCode: number } | undefined} [execution]
 */

/**
 * What passed, as a number, and what failed, by name.
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {readonly string[]} failed
 */

/**
 * @typedef {object} Choice
 * @property {readonly string[]} filters
 * @property {Record<string, string>} env
 * @property {AbortSignal} signal
 */

const names = ['build', 'lint', 'typecheck', 'test', 'docs'];

const runs = join(root, '.turbo/runs');

/** Every suite uses all cores; two at a time, since most of them also wait. */
const concurrency = `--concurrency=${Math.max(2, Math.floor(availableParallelism() / 4))}`;

/** The tests that turbo has to run because the cache does not have them. @param {Choice} choice */
export async function planTests({ filters, env, signal }) {
  const command = turbo('test', ...filters, '--dry=json');
  const { isOk, output } = await run(command, { signal, env: { ...setupEnv, ...env } });
  const json = output.slice(output.indexOf('{'));
  if (!isOk) throw failureOf(command, output);
  return tasksIn(json).filter(({ task, cache }) => task === 'test' && cache.status === 'MISS');
}

/** Runs all tasks, in sight of whoever waits for them. @param {Choice} choice @returns {Promise<Counts>} */
export async function runTasks({ filters, env, signal }) {
  const startedAt = Date.now();
  rmSync(runs, { recursive: true, force: true });
  const command = turbo(
    ...[...names, ...filters, concurrency, '--summarize', '--log-order=grouped'],
    // A failure leaves out nothing but what depends on it.
    '--continue=dependencies-successful',
  );
  const { isOk } = await run(command, { signal, env: { ...setupEnv, ...env }, isVisible: true });
  const [summary] = existsSync(runs) ? readdirSync(runs) : [];
  if (!summary) throw new Failure('Turbo ended without a summary.');
  const counts = tasksIn(readFileSync(join(runs, summary), 'utf8')).map((task) => countsOf(task, startedAt));
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.flatMap((count) => count.failed);
  return { passed, failed: isOk || failed.length > 0 ? failed : ['turbo itself'] };
}

/** @param {string} json @returns {Task[]} */
function tasksIn(json) {
  return JSON.parse(json).tasks.filter(
    (/** @type {Task} */ { command }) => command !== '' && command !== '<NONEXISTENT>',
  );
}

/**
 * What a task that was run, or that came from the cache, counts as: its tests; one, where it is not made of tests; none,
 * where what it depends on has failed.
 *
 * @param {Task} task
 * @param {number} startedAt
 * @returns {Counts}
 */
function countsOf({ taskId, task, directory, cache, execution }, startedAt) {
  if (!execution && cache.status === 'MISS') return { passed: 0, failed: [] };
  const isOk = !execution?.exitCode;
  const path = join(root, directory, '.test-results/vitest.json');
  const isReported =
    task === 'test' && existsSync(path) && (cache.status === 'HIT' || statSync(path).mtimeMs >= startedAt);
  if (!isReported) return isOk ? { passed: 1, failed: [] } : { passed: 0, failed: [taskId] };
  const { passed, failed } = readReport(path);
  // Vitest fails for more than tests: for an error that was not caught, for instance.
  return { passed, failed: isOk || failed.length > 0 ? failed : [taskId] };
}

/**
 * Reads the report that vitest wrote. A file that failed before its tests could run counts as one.
 *
 * @param {string} path
 * @returns {Counts}
 */
function readReport(path) {
  /** @type {{ numPassedTests: number, testResults: { name: string, status: string, assertionResults: { fullName: string, status: string }[] }[] }} */
  const { numPassedTests, testResults } = JSON.parse(readFileSync(path, 'utf8'));
  const failed = testResults.flatMap(({ name, status, assertionResults }) => {
    const file = name.replace(root, '');
    const failures = assertionResults.filter((test) => test.status === 'failed');
    if (failures.length > 0) return failures.map(({ fullName }) => `${file}: ${fullName}`);
    return status === 'failed' ? [file] : [];
  });
  return { passed: numPassedTests, failed };
}
