/** How a command ends: success, failure or findings, or a usage error; or with what a signal makes of it. */
export type ExitCode = 0 | 1 | 2 | SignalExitCode;

/** 128 and the number of SIGHUP, SIGINT or SIGTERM, as shells have it. */
export type SignalExitCode = 129 | 130 | 143;
