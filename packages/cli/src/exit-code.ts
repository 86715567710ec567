/** How a command ends: done, not possible or something found, or not understood. */
export type ExitCode = 0 | 1 | 2;
