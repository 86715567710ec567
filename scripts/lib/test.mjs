import { Failure } from './failure.mjs';
import { bold, dim, green, red } from './paint.mjs';
import { formatDuration } from './progress.mjs';
import { steps } from './test-steps.mjs';

/** @import { Counts, Step } from './test-steps.mjs' */

/**
 * What became of a step.
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {'passed' | 'failed' | 'skipped'} outcome
 * @property {number} durationMs
 * @property {Counts} counts
 */

/**
 * `npm test`: everything that has to hold. A step that fails does not keep the others from running, if they can.
 *
 * @param {string[]} _args
 * @param {AbortSignal} signal
 */
export async function test(_args, signal) {
  /** @type {Result[]} */
  const results = [];
  let isPossible = true;
  for (const step of steps) {
    /** @type {Result} */
    const result = isPossible ? await take(step, signal) : skip(step);
    results.push(result);
    isPossible &&= !(step.isRequired && result.outcome === 'failed');
  }
  return summarise(results);
}

/**
 * @param {Step} step
 * @param {AbortSignal} signal
 * @returns {Promise<Result>}
 */
async function take({ name, work }, signal) {
  const startedAt = performance.now();
  const counts = await count(name, work, signal);
  const outcome = counts.failed.length === 0 ? 'passed' : 'failed';
  return { name, outcome, durationMs: performance.now() - startedAt, counts };
}

/**
 * @param {Step} step
 * @returns {Result}
 */
function skip({ name }) {
  return { name, outcome: 'skipped', durationMs: 0, counts: { passed: 0, failed: [] } };
}

/**
 * @param {string} name
 * @param {Step['work']} work
 * @param {AbortSignal} signal
 * @returns {Promise<Counts>}
 */
async function count(name, work, signal) {
  try {
    return (await work(signal)) ?? { passed: 1, failed: [] };
  } catch (error) {
    signal.throwIfAborted();
    // To where all the rest is printed, so that a log of both keeps their order.
    console.log(error instanceof Failure ? error.message : error);
    return { passed: 0, failed: [name] };
  }
}

/**
 * Prints what became of the steps and, at the end, what failed. The last line is for machines: it counts the tests of
 * vitest, and every other step as one.
 *
 * @param {readonly Result[]} results
 * @returns the exit code
 */
function summarise(results) {
  const paints = { passed: green, failed: red, skipped: dim };
  console.log(`\n${bold('Summary')}`);
  for (const { name, outcome, durationMs } of results) {
    const duration = outcome === 'skipped' ? '' : formatDuration(durationMs);
    console.log(`${paints[outcome](outcome.padEnd(7))}  ${duration.padStart(6)}  ${name}`);
  }
  const passed = results.reduce((sum, { counts }) => sum + counts.passed, 0);
  const failed = results.flatMap(({ counts }) => counts.failed);
  if (failed.length > 0) console.log(red(`\n${['Failed:', ...failed].join('\n- ')}`));
  console.log(`\n${passed} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}
