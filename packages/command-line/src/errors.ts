/** A failure that the user can do something about: shown without a stack, exit code 1. */
export class CommandError extends Error {}

/** An invalid command line: shown with a reference to the help, exit code 2. */
export class UsageError extends Error {}

/** Whether an error is about the command line: an option of a tracker or a relay may come from there too. */
export function isUsageError(error: unknown): error is Error {
  return error instanceof UsageError || (error as { code?: unknown })?.code === 'invalid_options';
}
