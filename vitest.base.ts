import { availableParallelism } from 'node:os';
import { configDefaults, type ViteUserConfig } from 'vitest/config';

const { SUCCESSEVE_FULL, MISSING_ENGINES = '', TURBO_HASH } = process.env;

/** What the tests of all packages have in common. */
export const common: NonNullable<ViteUserConfig['test']> & { readonly exclude: string[] } = {
  exclude: [
    ...configDefaults.exclude,
    // What takes long is in files of its own.
    ...(SUCCESSEVE_FULL === '1' ? [] : ['**/*.full.test.ts']),
  ],
  // Where an engine is missing, a package may have none left.
  passWithNoTests: MISSING_ENGINES !== '',
  // For what is waited for over HTTP or from another process. Vitest's own second is short on a busy machine.
  expect: { poll: { timeout: 15_000 } },
  // On a busy machine WebKit now and then loses a navigation before the server has seen a request, and hangs from then on.
  // Nothing else is tried twice.
  retry: { count: 1, condition: /^WebDriver: POST \S+\/(?:url|refresh): timeout/ },
  // More files than cores: most tests wait for sockets, timers and other processes.
  maxWorkers: 2 * availableParallelism(),
  // A task of turbo leaves its counts, so that they are right when it comes from the cache.
  reporters: TURBO_HASH ? ['default', ['json', { outputFile: '.test-results/vitest.json' }]] : ['default'],
};

/**
 * Returns the files that cannot run because `npm test` found no such engine and could not install it. It runs the others
 * and fails in the end.
 *
 * @param engine - such as `chromium`
 */
export function without(engine: string, ...files: string[]): string[] {
  return MISSING_ENGINES.split(',').includes(engine) ? files : [];
}
