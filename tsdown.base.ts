import type { UserConfig } from 'tsdown';

/** What all published packages have in common. */
export const published: UserConfig = {
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node20.19',
  dts: { oxc: true },
  // No source maps, which would be a third of an installation: what is built reads like its source, names and all. What
  // the sources say of what is public is in the types.
  outputOptions: { comments: { jsdoc: false } },
};
