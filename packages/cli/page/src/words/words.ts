/** What a reason means, for somebody who wonders why something did not count. */
export interface Words {
  /** What happened, in a few words. */
  readonly title: string;
  /** What that means. */
  readonly meaning: string;
  /** What to do where it is not what was wanted. */
  readonly advice: string;
}
