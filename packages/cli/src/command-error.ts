/** What cannot be done, in words for whoever sits at the terminal: shown without a stack. */
export class CommandError extends Error {}
