/** How a command ends: success, failure or findings, a usage error, or the exit code of a signal. */
export type ExitCode = 0 | 1 | 2 | SignalExitCode;

/** 128 and the number of SIGHUP, SIGINT or SIGTERM, as shells have it. */
export type SignalExitCode = 129 | 130 | 143;
