import { build } from './application.js';

/** Builds the application once, for all suites that run it as it is. */
export const setup = async (): Promise<void> => {
  await build();
};
