/** How a command ends: done, not possible or something found, or not understood; or with what a signal makes of it. */
export type ExitCode = 0 | 1 | 2 | SignalExitCode;

/** 128 and the number of SIGHUP, SIGINT or SIGTERM, as shells have it. */
export type SignalExitCode = 129 | 130 | 143;
