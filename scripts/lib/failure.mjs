/** What went wrong, in words for whoever sits at the terminal: shown without a stack. */
export class Failure extends Error {}
