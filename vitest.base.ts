import { configDefaults, type ViteUserConfig } from 'vitest/config';

const isFull = process.env.SUCCESSEVE_FULL === '1';

/** What the tests of all packages have in common. */
export const common: NonNullable<ViteUserConfig['test']> = {
  // What takes long is in files of its own.
  exclude: [...configDefaults.exclude, ...(isFull ? [] : ['**/*.full.test.ts'])],
};
