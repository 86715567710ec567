/** A reason in words. */
export interface Words {
  /** What happened, in a few words. */
  readonly title: string;
  /** What that means. */
  readonly meaning: string;
  /** What to do if that was not intended. */
  readonly advice: string;
}
