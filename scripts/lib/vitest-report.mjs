import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './repository.mjs';

/**
 * What we read of the report that vitest writes as JSON.
 *
 * @typedef {object} Report
 * @property {number} numPassedTests
 * @property {{ name: string, status: string, assertionResults: { fullName: string, status: string }[] }[]} testResults
 *   by file
 */

const path = '.test-results/vitest.json';
const absolutePath = join(root, path);

/** The command that runs all tests in sight of whoever waits for them, and writes the report. */
export const vitestCommand = [
  'node_modules/.bin/vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${path}`,
];

/** Forgets the last report, so that nobody takes it for the next one's. */
export function removeReport() {
  rmSync(absolutePath, { force: true });
}

/** How many tests passed, and which failed; a file that failed before its tests could run counts as one. */
export function readReport() {
  if (!existsSync(absolutePath)) throw new Failure('Vitest ended without a report.');
  /** @type {Report} */
  const { numPassedTests, testResults } = JSON.parse(readFileSync(absolutePath, 'utf8'));
  const failed = testResults.flatMap(({ name, status, assertionResults }) => {
    const file = name.replace(root, '');
    const failures = assertionResults.filter((test) => test.status === 'failed');
    if (failures.length > 0) return failures.map(({ fullName }) => `${file}: ${fullName}`);
    return status === 'failed' ? [file] : [];
  });
  return { passed: numPassedTests, failed };
}
