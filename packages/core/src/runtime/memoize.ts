import { Recent } from './recent.js';

/** Results that are kept at least: more than are common, and too few to need much memory. */
const leastKept = 500;

/** Keeps the results of a function of a text: the same few browsers and query parameters come with every visit. */
export function memoize<Result>(compute: (text: string) => Result): (text: string) => Result {
  const results = new Recent<string, Result>(leastKept);
  return (text) => {
    const kept = results.get(text);
    if (kept !== undefined) return kept;
    const result = compute(text);
    results.set(text, result);
    return result;
  };
}
