/** The command line cannot be right. */
export class UsageError extends Error {}
