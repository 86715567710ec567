import type { UserConfig } from 'tsdown';

/** What all published packages have in common. */
export const published: UserConfig = {
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node20.19',
  dts: { oxc: true },
  sourcemap: true,
  // Half of an installation would be copies: the sources are in the repository, and what they say of what is public is
  // in the types.
  outputOptions: { sourcemapExcludeSources: true, comments: { jsdoc: false } },
};
