/** A failure that the user can do something about: shown without a stack, exit code 1. */
export class CommandError extends Error {}

/** An invalid command line: shown with a reference to the help, exit code 2. */
export class UsageError extends Error {}
