/** A reason in words. */
export interface Words {
  /** The reason in a few words. */
  readonly title: string;
  /** Its meaning. */
  readonly meaning: string;
  /** What to do if that was not intended. */
  readonly advice: string;
}
